"""The default scene model, which wires the interfaces together (`WiredModel`)."""

from dataclasses import replace

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor

from objcentric.divergence import slot_log_prob
from objcentric.drafts import Drafts, Layers
from objcentric.errors import ObjcentricError
from objcentric.interfaces import (
    Ability,
    Compositor,
    Context,
    Estimate,
    Glimpser,
    GradientEstimator,
    Inference,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Objective,
    Prior,
    Renderer,
    SceneModel,
    Scheduler,
)
from objcentric.interfaces.perception import Perception, draw_sample, take_mean
from objcentric.model.drawn_likelihood import DrawnLikelihood
from objcentric.model.kl_terms import KlTerms, averaged
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.model.scene_cost import SceneCost
from objcentric.presence import Presence
from objcentric.progress import Progress


class WiredModel(SceneModel):
    """A generative model of scenes and its inference, made of replaceable components.

    Data flows one way. The scheduler proposes K objects as if each were present, and the estimator
    decides about presence. No component knows what its partners are.

    Args:
        glimpser: reads and writes windows.
        encoder: from a glimpse to what; None if the scheduler does not look through glimpses.
        decoder: from what to a patch; None if a renderer draws.
        scheduler: from an image to proposals.
        estimator: gradients through presence.
        prior: prior of presence, where and what.
        compositor: from layers and presence to a canvas.
        likelihood: density of an image given a canvas.
        renderer: draws objects from what and where together; without one, the decoder draws a patch
            and the glimpser writes it.
        objective: options of the negative ELBO.

    Raises:
        ValueError: there is neither a decoder nor a renderer.
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
        if decoder is None and renderer is None:
            raise ValueError(
                "the model has neither a decoder nor a renderer to draw objects; name one"
            )
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
        self.perception = Perception(glimpser, encoder, decoder, draw_sample, renderer)
        self.calm_perception = Perception(glimpser, encoder, decoder, take_mean, renderer)

    @property
    def abilities(self) -> frozenset[Ability]:
        able: set[Ability] = {"redraw"}
        if "certain presence" not in self.scheduler.offers:
            able.add("presence")
        if self.glimpser.where.dim > 0:
            able.add("boxes")
        if self.scheduler.has_density and (self.encoder is None or self.encoder.has_density):
            able |= {"density"} if self.compositor.reads_image else {"density", "generate"}
        if self.renderer is not None and self.renderer.attribute_names:
            able.add("attributes")
        return frozenset(able)

    def objective(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """The negative ELBO of a batch, with the KL weighed by β (Eslami et al. 2016, equation 2).

        E_q[-log p(image | canvas) + β (KL_where + KL_what)] + β KL_presence.
        """
        drafts = self._propose(image, self.perception)  # K objects, all as if present
        prior = self.prior(progress)
        kl = KlTerms.of(drafts, prior, self.options)
        beta, whole = self.options.beta, self.options.signal == "elbo"
        cost = SceneCost(self._drawn(image, drafts.layers), kl)
        context = _context(image, drafts, prior.presence, progress)
        estimate = self.estimator(drafts.presence, cost, context)
        presence_kl = kl.presence(estimate)  # (B,)
        loss = estimate.loss
        if not whole:
            loss = loss + beta * averaged(kl.objects(estimate.codes.detach()), estimate).mean()
        if not self.estimator.bounds_presence:
            loss = loss + beta * estimate.presence_step * presence_kl.mean()
        with torch.no_grad():
            paid = averaged(kl.objects(estimate.codes), estimate) if whole else 0.0
            terms = {
                "nll": averaged(estimate.costs, estimate) - beta * paid,
                "presence_kl": presence_kl.detach(),
                **_object_terms(kl, estimate),
            }
            return Objective(loss, terms, drafts.presence.mode, estimate.diagnostics)

    @torch.no_grad()
    def infer(self, image: Float[Tensor, "B C H W"]) -> Inference:
        """Posterior means and the most probable presence code. Deterministic."""
        drafts = self._propose(image, self.calm_perception)
        codes = rearrange(drafts.presence.mode, "b k -> 1 b k")
        masks = self._drawn(image, drafts.layers).masks(codes)
        windows = self.glimpser.where.dim > 0
        what, where = drafts.what.sample, drafts.where.sample
        return Inference(
            presence=drafts.presence.mode,
            presence_probs=drafts.presence.mean,
            slots=what,
            canvas=rearrange(self.compositor(drafts.layers, codes), "1 b c h w -> b c h w"),
            masks=rearrange(masks, "1 b m h w -> b m h w"),
            boxes=self.glimpser.boxes(where) if windows else None,
            where=where if windows else None,
            attributes={} if self.renderer is None else self.renderer.attributes(what, where),
        )

    @torch.no_grad()
    def log_weights(self, image: Float[Tensor, "B C H W"], n: int) -> Float[Tensor, "n B"]:
        if "density" not in self.abilities:
            self._cannot("density")
        copies = repeat(image, "b ... -> (n b) ...", n=n)
        drafts = self._propose(copies, self.perception)
        prior = self.prior(Progress.finished(image.device))
        codes = drafts.presence.sample()  # (n B, K)
        log_weight = self._log_density(copies, drafts, codes)
        log_weight += prior.presence.log_prob(codes) - drafts.presence.log_prob(codes)
        for latent, belief in ((drafts.where, prior.where), (drafts.what, prior.what)):
            # The where and what of an absent object are not part of the scene.
            ratio = slot_log_prob(belief, latent.sample) - slot_log_prob(
                latent.distribution, latent.sample
            )
            log_weight += (codes * ratio).sum(-1)
        return rearrange(log_weight, "(n b) -> n b", n=n)

    @torch.no_grad()
    def log_likelihood(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        if "density" not in self.abilities:
            self._cannot("density")
        drafts = self._propose(image, self.perception)
        return self._log_density(image, drafts, drafts.presence.sample())

    @torch.no_grad()
    def generate(self, n: int) -> Float[Tensor, "n C H W"]:
        return self._generated(n, None)

    def generate_objects(self, n: int, objects: int) -> Float[Tensor, "n C H W"]:
        return self._generated(n, objects)

    def _generated(self, n: int, objects: int | None) -> Float[Tensor, "n C H W"]:
        """Canvases from the prior; if `objects` is given, the first so many slots are present."""
        if "generate" not in self.abilities:
            self._cannot("generate")
        presence, where, what = self.prior.sample(n, Progress.finished(self._device))
        if objects is not None:
            slots = presence.shape[1]
            if not 0 <= objects <= slots:
                raise ObjcentricError(f"the model has {slots} slots, and {objects} are asked for")
            presence = torch.zeros_like(presence)
            presence[:, :objects] = 1
        layers = self.perception.draw(what, where)
        canvas = self.compositor(layers, rearrange(presence, "n k -> 1 n k"))
        return rearrange(canvas, "1 n c h w -> n c h w")

    @torch.no_grad()
    def redraw(
        self, image: Float[Tensor, "B C H W"], inference: Inference
    ) -> Float[Tensor, "B C H W"]:
        slots, where = inference.slots, inference.where
        layers = self.calm_perception.draw(slots, slots[..., :0] if where is None else where)
        layers = layers.before(self.compositor.behind(image))
        canvas = self.compositor(layers, rearrange(inference.presence, "b k -> 1 b k"))
        return rearrange(canvas, "1 b c h w -> b c h w")

    def _propose(self, image: Tensor, perception: Perception) -> Drafts:
        """The scheduler's proposals, in front of what the compositor says is behind them."""
        behind = self.compositor.behind(image)
        drafts = self.scheduler(image, perception.before(behind))
        return replace(drafts, layers=drafts.layers.before(behind))

    def _drawn(self, image: Tensor, layers: Layers) -> DrawnLikelihood:
        return DrawnLikelihood(self.likelihood, self.compositor, image, layers)

    def _log_density(
        self, image: Tensor, drafts: Drafts, codes: Float[Tensor, "B K"]
    ) -> Float[Tensor, " B"]:
        """log p(image | layers, presence), its constant included."""
        log_prob = self._drawn(image, drafts.layers).log_prob(rearrange(codes, "b k -> 1 b k"))
        return rearrange(log_prob, "1 b -> b") + self.likelihood.log_constant(image)

    @property
    def _device(self) -> torch.device:
        return self.prior.where_loc.device


def _context(image: Tensor, drafts: Drafts, prior: Presence, progress: Progress) -> Context:
    """Inputs for an estimator's own networks, without gradients."""
    where, what = drafts.where.sample.detach(), drafts.what.sample.detach()
    return Context(image=image, where=where, what=what, prior=prior, progress=progress)


def _object_terms(kl: KlTerms, estimate: Estimate) -> dict[str, Float[Tensor, " B"]]:
    """Where and what KL of the slots that count, for reports."""
    counted = kl.counted(estimate.codes)
    return {
        "where_kl": averaged((counted * kl.where).sum(-1), estimate),
        "what_kl": averaged((counted * kl.what).sum(-1), estimate),
    }
