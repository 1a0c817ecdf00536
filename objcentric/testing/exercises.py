"""How the components of every interface are used."""

from collections.abc import Callable, Mapping

import torch
from einops import rearrange, reduce
from torch import Tensor
from torch.distributions import Distribution

from objcentric.component import Component
from objcentric.drafts import Layers
from objcentric.interfaces import (
    Background,
    Baseline,
    Compositor,
    Context,
    Glimpser,
    GradientEstimator,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    Scheduler,
)
from objcentric.interfaces.perception import Perception, take_mean
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric.testing.capabilities import draws_alpha, needs_of, presence_kinds
from objcentric.testing.exercise import Exercise
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.partners.linear_encoder import LinearEncoder
from objcentric.testing.partners.window import Window

START = Progress(epoch=0.0, epochs=10.0, images=0)
Inputs = Mapping[str, Tensor]
Outputs = dict[str, Tensor]


def perception_for(
    scene: SceneSpec, like: Tensor, chooser: Callable[[Distribution], Tensor] = take_mean
) -> Perception:
    """The kit's own eye and hand, in the precision and on the device of a tensor."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        glimpser, encoder, decoder = Window(scene), LinearEncoder(scene), LinearDecoder(scene)
    return Perception(glimpser.to(like), encoder.to(like), decoder.to(like), chooser)


def layers_for(component: Compositor, inputs: Inputs) -> Layers:
    """Layers with an alpha, or with mask logits, where the component needs them."""
    alpha = inputs["alpha"] if draws_alpha(component) else None
    logits = inputs["alpha"] if "mask logits" in needs_of(component) else None
    return Layers(inputs["color"], alpha, logits)


def context_for(inputs: Inputs, prior: Tensor, kind: type[Presence] = OrderedPresence) -> Context:
    """What an estimator's networks may look at."""
    details = {name: inputs[name].detach() for name in ("image", "where", "what")}
    return Context(prior=kind(prior), progress=START, **details)


def _use_glimpser(component: Glimpser, scene: SceneSpec, given: Inputs) -> Outputs:
    where = given["where"]
    return {
        "glimpses": component.read(given["image"], where),
        "layers": component.write(given["patches"], where),
        "boxes": component.boxes(where),
    }


def _use_encoder(component: ObjectEncoder, scene: SceneSpec, given: Inputs) -> Outputs:
    posterior = component(given["glimpses"])
    return {"mean": posterior.mean, "stddev": posterior.stddev}


def _use_decoder(component: ObjectDecoder, scene: SceneSpec, given: Inputs) -> Outputs:
    appearance = component(given["what"])
    found = {"color": appearance.color, "alpha": appearance.alpha}
    return {name: value for name, value in found.items() if value is not None}


def _use_scheduler(component: Scheduler, scene: SceneSpec, given: Inputs) -> Outputs:
    drafts = component(given["image"], perception_for(scene, given["image"]))
    return {
        "logits": drafts.presence.logits,
        "where": drafts.where.sample,
        "where_mean": drafts.where.distribution.mean,
        "what": drafts.what.sample,
        "what_mean": drafts.what.distribution.mean,
        "layers": drafts.layers.color,
    }


def _use_compositor(component: Compositor, scene: SceneSpec, given: Inputs) -> Outputs:
    return {"canvas": component(layers_for(component, given), given["presence"])}


def _use_likelihood(component: Likelihood, scene: SceneSpec, given: Inputs) -> Outputs:
    return {"log_prob": component.log_prob(given["image"], given["canvas"])}


def _use_baseline(component: Baseline, scene: SceneSpec, given: Inputs) -> Outputs:
    return {"prediction": component(context_for(given, given["where"].new_zeros(scene.slots)))}


def _use_prior(component: Prior, scene: SceneSpec, given: Inputs) -> Outputs:
    belief = component(START)
    presence, where, what = component.sample(SCENES, START)
    return {
        "logits": belief.presence.logits,
        "where_mean": belief.where.mean,
        "what_mean": belief.what.mean,
        "presence": presence,
        "where": where,
        "what": what,
    }


def _use_background(component: Background, scene: SceneSpec, given: Inputs) -> Outputs:
    return {"background": component()}


def _use_estimator(component: GradientEstimator, scene: SceneSpec, given: Inputs) -> Outputs:
    """With the cost of a canvas that is the sum of the present layers."""
    image, layers = given["image"].detach(), given["color"]
    kind = presence_kinds(component)[0]

    def cost(codes: Tensor) -> Tensor:
        present = rearrange(codes, "s b k -> s b k 1 1 1") * layers
        error = (image - reduce(present, "s b k c h w -> s b c h w", "sum")).square()
        return reduce(error, "s b c h w -> s b", "mean") + 0.3 * codes.sum(-1)

    logits = given["logits"]
    context = context_for(given, torch.zeros_like(logits[0]), kind)
    estimate = component(kind(logits), cost, context)
    fields = ("loss", "codes", "costs", "weights")
    return {name: getattr(estimate, name) for name in fields}


SCENES = 5
"""Scenes that are drawn from a prior."""

IMAGE, CANVAS, SLOT = "B C H W", "S B C H W", "B K C H W"
SEEN = {"image": IMAGE, "where": "B K D", "what": "B K A"}

EXERCISES: dict[type[Component], Exercise] = {
    Glimpser: Exercise(
        takes={"image": IMAGE, "where": "B K D", "patches": "B K C P P"},
        gives={"glimpses": "B K c h w", "layers": SLOT, "boxes": "B K 4"},
        use=_use_glimpser,
    ),
    ObjectEncoder: Exercise(
        takes={"glimpses": "B K c h w"},
        gives={"mean": "B K A", "stddev": "B K A"},
        use=_use_encoder,
    ),
    ObjectDecoder: Exercise(
        takes={"what": "B K A"},
        gives={"color": "B K C P P", "alpha": "B K 1 P P"},
        use=_use_decoder,
    ),
    Scheduler: Exercise(
        takes={"image": IMAGE},
        gives={
            "logits": "B K",
            "where": "B K D",
            "where_mean": "B K D",
            "what": "B K A",
            "what_mean": "B K A",
            "layers": SLOT,
        },
        use=_use_scheduler,
    ),
    Compositor: Exercise(
        takes={"color": SLOT, "alpha": "B K 1 H W", "presence": "S B K"},
        gives={"canvas": CANVAS},
        use=_use_compositor,
    ),
    Likelihood: Exercise(
        takes={"image": IMAGE, "canvas": CANVAS}, gives={"log_prob": "S B"}, use=_use_likelihood
    ),
    Baseline: Exercise(takes=SEEN, gives={"prediction": "B K"}, use=_use_baseline),
    Prior: Exercise(
        takes={},
        gives={
            "logits": "K",
            "where_mean": "K D",
            "what_mean": "K A",
            "presence": "5 K",
            "where": "5 K D",
            "what": "5 K A",
        },
        use=_use_prior,
    ),
    Background: Exercise(takes={}, gives={"background": "C H W"}, use=_use_background),
    GradientEstimator: Exercise(
        takes={**SEEN, "logits": "B K", "color": SLOT},
        gives={"loss": "", "codes": "N B K", "costs": "N B", "weights": "N B"},
        use=_use_estimator,
        has_chance=True,
    ),
}
