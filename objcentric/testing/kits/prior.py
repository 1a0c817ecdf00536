"""The conformance kit of priors: distributions that depend on training's progress alone."""

from collections.abc import Mapping

import torch
from einops import rearrange
from torch import Tensor
from torch.distributions import Normal

from objcentric.divergence import slot_kl
from objcentric.drafts import Latent
from objcentric.interfaces import Prior
from objcentric.presence import Presence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import Exercise
from objcentric.testing.expecting import expect, expect_equal, expect_finite, largest
from objcentric.testing.inputs import start
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.presence_statistics import DRAWS, expect_kl, expect_samples_of
from objcentric.testing.subject import Subject
from objcentric.testing.z_scores import Z_LIMIT, coin_scores, z_scores

MOMENTS = {
    "the start": Progress.at(0.0, epochs=10.0),
    "the middle": Progress.at(5.0, epochs=10.0, images=50_000),
    "the end": Progress.at(10.0, epochs=10.0, images=100_000),
}


SCENES = 5
"""Number of scenes that are drawn from a prior."""


def _use(prior: Prior, scene: SceneSpec, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    progress = start(prior.where_loc.device)
    belief = prior(progress)
    presence, where, what = prior.sample(SCENES, progress)
    return {
        "logits": belief.presence.logits,
        "where_mean": belief.where.mean,
        "what_mean": belief.what.mean,
        "presence": presence,
        "where": where,
        "what": what,
    }


EXERCISE = Exercise(
    takes={},
    gives={
        "logits": "K",
        "where_mean": "K D",
        "what_mean": "K A",
        "presence": f"{SCENES} K",
        "where": f"{SCENES} K D",
        "what": f"{SCENES} K A",
    },
    use=_use,
)


def progress_alone(subject: Subject) -> None:
    """The prior depends on progress alone, not on the number or the order of calls."""
    prior = subject.build()
    asked = [_parameters(prior, progress) for progress in MOMENTS.values()]
    torch.manual_seed(1)
    again = [_parameters(prior, progress) for progress in reversed(MOMENTS.values())][::-1]
    for moment, one, two in zip(MOMENTS, asked, again, strict=True):
        expect_equal(two, one, f"the same beliefs at {moment} when asked again", tolerance=0)


def every_moment(subject: Subject) -> None:
    """Its distributions are finite from the start to past the end of every schedule."""
    prior = subject.build()
    for moment, progress in (MOMENTS | {"the end of every schedule": Progress.finished()}).items():
        expect_finite({**_parameters(prior, progress)}, f"at {moment}")


def prior_samples(subject: Subject) -> None:
    """Samples of presence agree with its log_prob."""
    for presence in _presences(subject):
        expect_samples_of(presence)


def prior_kl(subject: Subject) -> None:
    """The KL of presence between posteriors and the prior agrees with Monte Carlo."""
    for presence in _presences(subject):
        posterior = type(presence)(torch.linspace(-1, 2, presence.slots).double().expand(1, -1))
        expect_kl(posterior, presence)


def latent_kl(subject: Subject) -> None:
    """The KL of where and what agrees with Monte Carlo."""
    belief = subject.build().double()(MOMENTS["the end"])
    for name, distribution in (("where", belief.where), ("what", belief.what)):
        loc, scale = distribution.mean, distribution.stddev
        posterior = Normal(loc + 0.5 * scale, 0.7 * scale)
        drawn = posterior.sample((DRAWS,))
        ratios = posterior.log_prob(drawn) - distribution.log_prob(drawn)
        exact = slot_kl(*_with_batch(posterior, drawn[0], distribution))
        score = largest(z_scores(ratios.sum(-1), exact[0]))
        expect(
            score < Z_LIMIT,
            f"a KL of {name} that agrees with {DRAWS:,} samples within {Z_LIMIT} standard errors",
            f"one that is {score:.1f} off",
        )


def sampled_scenes(subject: Subject) -> None:
    """Sampled scenes have the means of the distributions for the same progress."""
    prior = subject.build().double()
    for moment, progress in MOMENTS.items():
        belief, drawn = prior(progress), prior.sample(DRAWS, progress)
        presence = belief.presence.sample((DRAWS,)).mean(0)
        means = {"presence": presence, "where": belief.where.mean, "what": belief.what.mean}
        for (name, mean), scenes in zip(means.items(), drawn, strict=True):
            wanted = (DRAWS, *mean.shape)
            expect(scenes.shape == wanted, f"{name} {wanted} from sample", tuple(scenes.shape))
            # Two samples of presence are compared, and both have an error.
            scores = (
                coin_scores(scenes, mean) / 2**0.5 if name == "presence" else z_scores(scenes, mean)
            )
            expect(
                largest(scores) < Z_LIMIT,
                f"{name} at {moment} within {Z_LIMIT} standard errors of its mean over scenes",
                f"{largest(scores):.1f}",
            )


def _parameters(prior: Prior, progress: Progress) -> dict[str, torch.Tensor]:
    belief = prior(progress)
    return {
        "presence": belief.presence.logits,
        "where": belief.where.mean,
        "where_stddev": belief.where.stddev,
        "what": belief.what.mean,
        "what_stddev": belief.what.stddev,
    }


def _presences(subject: Subject) -> list[Presence]:
    """Presence at every moment, with one batch dimension, in float64."""
    prior = subject.build().double()
    return [prior(progress).presence.expand((1,)) for progress in MOMENTS.values()]


def _with_batch(
    posterior: Normal, sample: torch.Tensor, prior: torch.distributions.Distribution
) -> tuple[Latent, torch.distributions.Distribution]:
    one_more = torch.Size((1, *posterior.batch_shape))
    return Latent(posterior.expand(one_more), rearrange(sample, "k d -> 1 k d")), prior


KIT = InterfaceKit(
    interface=Prior,
    exercise=EXERCISE,
    checks=(
        progress_alone,
        every_moment,
        prior_samples,
        prior_kl,
        latent_kl,
        sampled_scenes,
    ),
    page=PAGE,
)
