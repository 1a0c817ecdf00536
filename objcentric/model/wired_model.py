"""A scene model: the interfaces, wired."""

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import kl_divergence

from objcentric.divergence import slot_kl
from objcentric.drafts import Drafts, Layers
from objcentric.interfaces import (
    Compositor,
    Context,
    Glimpser,
    GradientEstimator,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    Renderer,
    Scheduler,
)
from objcentric.interfaces.perception import Perception, draw_sample, take_mean
from objcentric.objective import Bound, Inference, Objective, ObjectiveOptions
from objcentric.progress import Progress


class WiredModel(nn.Module):
    """A generative model of scenes and its inference, made of replaceable components.

    Data flows one way: the scheduler proposes K objects as if each were present, the estimator
    decides about presence, and no component knows which others it works with.

    Args:
        glimpser: reads and writes windows.
        encoder: glimpse to what; None where the scheduler looks for itself.
        decoder: what to patch; None where a renderer draws.
        scheduler: image to proposals.
        estimator: gradients through presence.
        prior: beliefs about presence, where and what.
        compositor: layers and presence to a canvas.
        likelihood: image given canvas.
        renderer: what and where to layers; None where decoder and glimpser draw.
        objective: how the negative ELBO is put together.
    """

    def __init__(
        self,
        *,
        glimpser: Glimpser,
        encoder: ObjectEncoder | None,
        decoder: ObjectDecoder | None,
        scheduler: Scheduler,
        estimator: GradientEstimator,
        prior: Prior,
        compositor: Compositor,
        likelihood: Likelihood,
        renderer: Renderer | None = None,
        objective: ObjectiveOptions | None = None,
    ) -> None:
        super().__init__()
        self.glimpser = glimpser
        self.encoder = encoder
        self.decoder = decoder
        self.scheduler = scheduler
        self.estimator = estimator
        self.prior = prior
        self.compositor = compositor
        self.likelihood = likelihood
        self.renderer = renderer
        self.options = objective or ObjectiveOptions()
        assert encoder is not None
        assert decoder is not None
        self.perception = Perception(glimpser, encoder, decoder, draw_sample)
        self.calm_perception = Perception(glimpser, encoder, decoder, take_mean)

    def forward(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """`objective`, so that wrappers which hook into `forward` work."""
        return self.objective(image, progress)

    def objective(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """The loss of a batch: the (reweighted) negative ELBO of Eslami et al. 2016, equation 2."""
        drafts = self.scheduler(image, self.perception)  # K objects, all as if present
        prior = self.prior(progress)
        where_kl = slot_kl(drafts.where, prior.where)  # (B, K)
        what_kl = slot_kl(drafts.what, prior.what)  # (B, K)
        options = self.options
        whole = options.signal == "elbo"

        def counted(codes: Tensor) -> Tensor:  # whose where and what KL counts
            return drafts.presence.reached(codes) if options.object_kl == "reached" else codes

        def nll(codes: Tensor) -> Tensor:  # (S, B, K) -> (S, B)
            canvas = self.compositor(drafts.layers, codes)
            return -self.likelihood.log_prob(image, canvas)

        def object_kl(codes: Tensor) -> Tensor:  # (S, B, K) -> (S, B)
            return options.beta * (counted(codes) * (where_kl + what_kl)).sum(-1)

        def cost(codes: Tensor) -> Tensor:  # (S, B, K) -> (S, B)
            return nll(codes) + object_kl(codes) if whole else nll(codes)

        context = Context(
            image=image,
            where=drafts.where.sample.detach(),
            what=drafts.what.sample.detach(),
            prior=prior.presence,
            progress=progress,
        )
        estimate = self.estimator(drafts.presence, cost, context)
        codes, weights = estimate.codes, estimate.weights

        def averaged(values: Tensor) -> Tensor:  # (S, B) -> (B,)
            return einsum(weights, values, "s b, s b -> b")

        loss = estimate.loss
        if not whole:
            loss = loss + averaged(object_kl(codes.detach())).mean()
        if options.presence_kl == "reached":
            step_kl = drafts.presence.step_kl(prior.presence)
            presence_kl = averaged((drafts.presence.reached(codes.detach()) * step_kl).sum(-1))
        else:
            presence_kl = kl_divergence(drafts.presence, prior.presence)
        if not self.estimator.bounds_presence:
            loss = loss + options.beta * estimate.presence_step * presence_kl.mean()
        with torch.no_grad():
            mask = counted(codes)
            nll_taken = estimate.costs - object_kl(codes) if whole else estimate.costs
            return Objective(
                loss=loss,
                nll=averaged(nll_taken),
                presence_kl=presence_kl.detach(),
                where_kl=averaged((mask * where_kl).sum(-1)),
                what_kl=averaged((mask * what_kl).sum(-1)),
                counts=drafts.presence.mode.sum(-1),
                drafts=drafts,
                diagnostics=estimate.diagnostics,
            )

    @torch.no_grad()
    def infer(self, image: Float[Tensor, "B C H W"]) -> Inference:
        """What is there: posterior means and the most probable presence code. Deterministic."""
        drafts = self.scheduler(image, self.calm_perception)
        presence = drafts.presence.mode
        return Inference(
            presence=presence,
            count_probs=drafts.presence.counts().probs,
            boxes=self.glimpser.boxes(drafts.where.sample),
            where=drafts.where.sample,
            what=drafts.what.sample,
            canvas=self._compose(drafts.layers, presence),
            drafts=drafts,
        )

    @torch.no_grad()
    def reconstruct(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        """The canvas of the most probable scene."""
        return self.infer(image).canvas

    @torch.no_grad()
    def generate(self, n: int, progress: Progress | None = None) -> Float[Tensor, "n C H W"]:
        """Canvases of `n` scenes from the prior, by default that of the end of training."""
        presence, where, what = self.prior.sample(n, progress or Progress.finished())
        return self._compose(self.perception.draw(what, where), presence)

    @torch.no_grad()
    def bound(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Bound:
        """A one-sample ELBO with the textbook's terms, comparable between objectives."""
        drafts: Drafts = self.scheduler(image, self.perception)
        prior = self.prior(progress)
        codes = drafts.presence.sample()
        canvas = self._compose(drafts.layers, codes)
        log_prob = self.likelihood.log_prob(image, rearrange(canvas, "b c h w -> 1 b c h w"))
        nll = -rearrange(log_prob, "1 b -> b") - self.likelihood.log_constant(image)
        object_kl = slot_kl(drafts.where, prior.where) + slot_kl(drafts.what, prior.what)
        object_kl = (codes * object_kl).sum(-1)
        presence_kl = kl_divergence(drafts.presence, prior.presence)
        return Bound(-nll - presence_kl - object_kl, nll, presence_kl, object_kl)

    def _compose(self, layers: Layers, codes: Tensor) -> Float[Tensor, "B C H W"]:
        canvas = self.compositor(layers, rearrange(codes, "b k -> 1 b k"))
        return rearrange(canvas, "1 b c h w -> b c h w")
