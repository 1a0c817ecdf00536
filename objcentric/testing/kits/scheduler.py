"""The conformance kit of schedulers: proposals that do not decide about presence."""

from collections.abc import Callable, Mapping
from functools import cache

import torch
from torch import Tensor
from torch.distributions import Distribution, Normal

from objcentric.deterministic import Deterministic
from objcentric.divergence import slot_kl
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception, draw_sample, take_mean
from objcentric.presence import CertainPresence, Presence
from objcentric.scene import SceneSpec
from objcentric.testing.capabilities import PRESENCE
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import IMAGE, SLOT, Exercise
from objcentric.testing.expecting import expect, expect_equal, expect_finite
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.moving import moved
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.partners.linear_encoder import LinearEncoder
from objcentric.testing.partners.window import Window
from objcentric.testing.presence_statistics import expect_kl, expect_samples_of
from objcentric.testing.subject import Subject

DRIFT = 30.0
"""Factor for all weights, which gives outputs far outside those of training."""


def perception_for(
    scene: SceneSpec, like: Tensor, chooser: Callable[[Distribution], Tensor] = take_mean
) -> Perception:
    """The kit's own perception, in the precision and on the device of a tensor."""
    glimpser, encoder, decoder = _parts(scene)
    return Perception(moved(glimpser, like), moved(encoder, like), moved(decoder, like), chooser)


@cache
def _parts(scene: SceneSpec) -> tuple[Window, LinearEncoder, LinearDecoder]:
    """Built once, since weights cannot be sampled while several seeds are trained at once."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return Window(scene.requested), LinearEncoder(scene), LinearDecoder(scene)


def _use(scheduler: Scheduler, scene: SceneSpec, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    drafts = scheduler(given["image"], perception_for(scene, given["image"]))
    return {
        "logits": drafts.presence.logits,
        "where": drafts.where.sample,
        "where_mean": drafts.where.distribution.mean,
        "what": drafts.what.sample,
        "what_mean": drafts.what.distribution.mean,
        "layers": drafts.layers.color,
    }


def _settle(scene: SceneSpec, scheduler: Scheduler) -> SceneSpec:
    return scene.with_slots(scheduler.slots)


EXERCISE = Exercise(
    takes={"image": IMAGE},
    gives={
        "logits": "B K",
        "where": "B K D",
        "where_mean": "B K D",
        "what": "B K A",
        "what_mean": "B K A",
        "layers": SLOT,
    },
    use=_use,
    settle=_settle,
)


def proposals_are_chosen(subject: Subject) -> None:
    """Where and what are the values that the perception chose: the means, if it chooses means."""
    drafts = _propose(subject, subject.build().double(), take_mean)
    for name, latent in (("where", drafts.where), ("what", drafts.what)):
        expect_equal(
            {name: latent.sample},
            {name: latent.distribution.mean},
            f"{name} as the perception chose it, at its posterior's mean",
        )


def no_chance_of_its_own(subject: Subject) -> None:
    """If means are chosen, nothing is random: a scheduler does not sample presence."""
    scheduler, exercise = subject.build().double(), EXERCISE
    inputs = exercise.inputs(scheduler, subject.scene, dtype=torch.float64)
    one, two = (exercise.run(scheduler, subject.scene, inputs, seed=seed) for seed in (1, 2))
    expect_equal(two, one, "the same proposals from two seeds, where and what at their means")


def offered_presence(subject: Subject) -> None:
    """It proposes the kind of presence that it offers, to match estimators and priors."""
    scheduler = subject.build()
    presence = _propose(subject, scheduler, take_mean).presence
    kinds = [name for name, kind in PRESENCE.items() if isinstance(presence, kind)]
    offered = sorted(scheduler.offers & PRESENCE.keys())
    expect(kinds == offered, f"{' and '.join(kinds) or 'nothing'} to be offered", offered)


def presence_samples(subject: Subject) -> None:
    """Samples of its presence posterior agree with its log_prob."""
    expect_samples_of(_posterior(subject))


def presence_kl(subject: Subject) -> None:
    """The KL of its presence posterior agrees with Monte Carlo."""
    posterior = _posterior(subject)
    prior = type(posterior)(torch.linspace(-1, 1, posterior.slots).double())
    expect_kl(posterior, prior)


def proposals_can_be_learnt(subject: Subject) -> None:
    """Presence, where and the layers each have a gradient for its weights. A scheduler that does
    not decide about presence or where needs none of it."""
    scheduler = subject.build()
    drafts = _propose(subject, scheduler, draw_sample)
    weights = [p for p in scheduler.parameters() if p.requires_grad]
    outputs = {"layers": drafts.layers.color}
    if not isinstance(drafts.presence, CertainPresence):
        outputs["presence"] = drafts.presence.logits
    if not isinstance(drafts.where.distribution, Deterministic):
        outputs["where"] = drafts.where.sample
    for name, value in outputs.items():
        expect(value.requires_grad, f"{name} with a gradient", "none")
        found = torch.autograd.grad(value.sum(), weights, retain_graph=True, allow_unused=True)
        reached = any(gradient is not None and gradient.any() for gradient in found)
        expect(reached, f"a gradient from {name} to its weights", "none but 0")


def drifting_slots(subject: Subject) -> None:
    """Slots that are never reached may drift: with weights 30 times as large as usual, proposals,
    their KL and their gradients are finite, however small the initial weights are."""
    scheduler = subject.build()
    with torch.no_grad():
        for weight in scheduler.parameters():
            usual = weight[0].numel() ** -0.5 / 3**0.5 if weight.dim() > 1 else 0.0
            lacking = (usual**2 - weight.square().mean()).clamp(min=0).sqrt()
            weight.add_(lacking * torch.randn_like(weight)).mul_(DRIFT)
    drafts = _propose(subject, scheduler, draw_sample)
    prior = Normal(*torch.tensor([subject.scene.where.loc, subject.scene.where.scale]))
    tensors: dict[str, Tensor | None] = {
        "presence": drafts.presence.logits,
        "where": drafts.where.sample,
        "what": drafts.what.sample,
        "layers": drafts.layers.color,
        "the KL of where": slot_kl(drafts.where, prior),
    }
    occasion = f"with weights {DRIFT:g} times as large"
    expect_finite(tensors, occasion)
    loss = torch.stack([value.float().mean() for value in tensors.values() if value is not None])
    found = torch.autograd.grad(loss.sum(), list(scheduler.parameters()), allow_unused=True)
    names = [f"the gradient of {name}" for name, _ in scheduler.named_parameters()]
    expect_finite(dict(zip(names, found, strict=True)), occasion)


def _propose(
    subject: Subject, scheduler: Scheduler, chooser: Callable[[Distribution], Tensor]
) -> Drafts:
    dtype = next((p.dtype for p in scheduler.parameters()), torch.float32)
    image = EXERCISE.inputs(scheduler, subject.scene, dtype=dtype)["image"].detach()
    drafts: Drafts = scheduler(image, perception_for(subject.scene, image, chooser))
    return drafts


def _posterior(subject: Subject) -> Presence:
    """Presence of a scheduler with changed weights: initial log-odds are often all equal."""
    presence = _propose(subject, subject.build().double(), take_mean).presence
    return type(presence)(presence.logits.detach() / 2 + torch.randn_like(presence.logits))


KIT = InterfaceKit(
    interface=Scheduler,
    exercise=EXERCISE,
    checks=(
        proposals_are_chosen,
        no_chance_of_its_own,
        offered_presence,
        presence_samples,
        presence_kl,
        proposals_can_be_learnt,
        drifting_slots,
    ),
    page=PAGE,
)
