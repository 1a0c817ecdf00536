"""`python -m objcentric.testing.estimators`: prints a page of estimators' bias and variance."""

from collections.abc import Iterator
from math import prod

from objcentric.interfaces import GradientEstimator
from objcentric.presence import Presence
from objcentric.registry import Registry
from objcentric.testing.capabilities import presence_kinds
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.gradient_statistics import GradientStatistics, gradient_statistics
from objcentric.testing.parametrizing import as_subject
from objcentric.testing.small_scene import SCENE

REPLICAS = 40_000
PAGE = """\
# Bias and variance of gradient estimators

```console
python -m objcentric.testing.estimators > docs/results/estimators.md
```

{replicas:,} gradients of each installed estimator, new and with its default options, are compared
with the exact gradient, a sum over all presence codes. It is the gradient of the expected cost or,
for an estimator with an *own bound*, of that bound. The scene is that of the check
[unbiased](../conformance.md#unbiased).

- codes: number of presence codes per image, without those that a control variate evaluates;
- bias: |mean gradient - exact gradient| / |exact gradient|. *Chance alone* is the figure that an
  unbiased estimator would have;
- largest z: the largest bias of {gradients} components, in standard errors. The check allows
  4.5;
- variance: sum of the components' variances for one gradient / |exact gradient|².

The gradient of a bound differs from that of the expected cost, so the figures of the two cannot be
compared. Baselines and running means are new and have learnt nothing yet: these are the gradients
of the first step, not those of later training.

{table}
"""
COLUMNS = ("estimator", "presence", "codes", "bias", "chance alone", "largest z", "variance")


def estimator_table(registry: Registry, replicas: int = REPLICAS) -> str:
    """A Markdown table of all installed estimators with their default options.

    Args:
        registry: where estimators are looked up.
        replicas: number of independent gradients per row.
    """
    rows: list[tuple[str, ...]] = [COLUMNS, ("---",) * 2 + ("---:",) * 5]
    for entry in registry.components(GradientEstimator):
        rows += [
            _row(entry.canonical, *found)
            for found in _measured(entry.canonical, registry, replicas)
        ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _measured(
    name: str, registry: Registry, replicas: int
) -> Iterator[tuple[GradientEstimator, type[Presence], GradientStatistics]]:
    subject = as_subject(name, registry)
    for kind in presence_kinds(subject.build(SCENE)):
        estimator = subject.build(SCENE).double()
        try:
            yield estimator, kind, gradient_statistics(estimator, kind=kind, replicas=replicas)
        except CheckSkipped:
            continue


def _row(
    name: str, estimator: GradientEstimator, kind: type[Presence], found: GradientStatistics
) -> tuple[str, ...]:
    properties = {"biased": estimator.biased, "own bound": estimator.bounds_presence}
    notes = [f" ({note})" for note, holds in properties.items() if holds]
    return (
        f"`{name}`{''.join(notes)}",
        kind.__name__.removesuffix("Presence").lower(),
        str(found.codes),
        f"{found.relative_bias:.2%}",
        f"{found.relative_error:.2%}",
        f"{found.largest_score:.1f}",
        f"{found.relative_variance:.3f}",
    )


if __name__ == "__main__":
    gradients = 2 * SCENE.slots * (2 + prod(SCENE.image_shape))
    table = estimator_table(Registry.discover())
    print(PAGE.format(replicas=REPLICAS, gradients=gradients, table=table), end="")
