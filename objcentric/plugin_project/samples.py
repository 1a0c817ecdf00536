"""The component with which a project begins, for each interface (`SAMPLES`)."""

from dataclasses import dataclass
from importlib.resources import files

from objcentric.component import snake_case

DIGITS = "scenes: {use: multi_mnist, digits: bundled, train: 10000, test: 2000}"


@dataclass(frozen=True)
class Sample:
    """A small component that works, and a recipe in which it takes its place.

    Attributes:
        title: name of the class.
        changes: what the recipe says, with `NAME` for the component's canonical name.
        extends: the recipe that it changes; None for a recipe of its own.
    """

    title: str
    changes: str
    extends: str | None = "quickstart"

    @property
    def name(self) -> str:
        """The component's short name, which is also its module's."""
        return snake_case(self.title)

    @property
    def source(self) -> str:
        """The content of its module."""
        file = files("objcentric.plugin_project") / "components" / f"{self.name}.py"
        return file.read_text(encoding="utf-8")

    @property
    def docstring(self) -> str:
        """The first sentence about the class."""
        after = self.source.partition(f"class {self.title}(")[2].partition('"""')[2]
        return " ".join(after.partition('"""')[0].partition("\n\n")[0].split())

    def recipe(self, canonical: str) -> str:
        """What the recipe says, without its name and description."""
        start = f"extends: {self.extends}\n" if self.extends else ""
        return start + self.changes.replace("NAME", canonical)


SAMPLES: dict[str, Sample] = {
    "background": Sample(
        "LearntColor",
        "model:\n  compositor: {use: backed, compositor: sum, background: NAME}",
    ),
    "baseline": Sample(
        "LinearImageBaseline", "model:\n  estimator: {use: reinforce, baseline: NAME}"
    ),
    "compositor": Sample("Brightest", "model:\n  compositor: NAME"),
    "glimpser": Sample("FixedWindow", "model:\n  glimpser: NAME"),
    "gradient_estimator": Sample("PairedScore", "model:\n  estimator: NAME"),
    "likelihood": Sample("LogisticNoise", "model:\n  likelihood: NAME"),
    "metric": Sample("CountError", "evaluation:\n  metrics: [count_accuracy, NAME]"),
    "object_decoder": Sample("ShallowDecoder", "model:\n  decoder: NAME"),
    "object_encoder": Sample("ShallowEncoder", "model:\n  encoder: NAME"),
    "prior": Sample("LearntChance", "model:\n  prior: NAME"),
    "renderer": Sample("BlobRenderer", "model:\n  decoder: null\n  renderer: NAME"),
    "scene_model": Sample(
        "ImageAutoencoder",
        f"{DIGITS}\nmodel: NAME\ntraining: {{epochs: 10, lr: 1.0e-3}}",
        extends=None,
    ),
    "scene_source": Sample("Squares", "scenes: NAME"),
    "scheduler": Sample("OneGlance", "model:\n  scheduler: NAME"),
    "sprite_source": Sample(
        "Bars",
        "scenes: {use: sprites_on_canvas, sprites: NAME, canvas: 50, counts: [0, 1, 2]}",
    ),
}
"""By the interface's name in snake case."""
