"""Accuracy of readouts over the number of labels (docs/results/few-labels.md).

    python docs/figures/few_labels.py RUN PICTURE.png

RUN is the folder of a trained model with presence, on scenes of which some hold two labelled
digits. Two questions are asked about them: the sum of the digits, and whether they ascend from left
to right. They are answered from the model's slots, from the code of a plain VAE with as many
numbers, and from pixels. The script prints a table and draws it (Eslami et al. 2016, section 3.2).
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import torch
from einops import rearrange
from jaxtyping import Float, Int
from label_readouts import (
    QUESTIONS,
    CodeReadout,
    PixelReadout,
    Readout,
    SlotClassifier,
    trained_vae,
)
from matplotlib.figure import Figure
from torch import Tensor

from objcentric.evaluation.evaluate import unit_images
from objcentric.interfaces import Inference, SceneModel, Scenes, Split
from objcentric.pictures import style
from objcentric.recipe import load
from objcentric.recipe.recipe import Recipe
from objcentric.registry import Registry
from objcentric.runs.restore import restored_model
from objcentric.runs.run_folders import stored_run

OTHER_SCENES = ("scenes.seed=7", "scenes.train=12000", "scenes.test=6000")
"""Scenes for the readouts; a third of them hold two digits. The model has seen none of them."""

SPLITS: tuple[Split, ...] = ("train", "test")
COLORS = {
    "slots": "#009E73",
    "VAE code": "#E69F00",
    "slots, classified": "#CC79A7",
    "pixels": "#0072B2",
}


@dataclass(frozen=True)
class Plan:
    """How much is done.

    Attributes:
        draws: how often labelled scenes are drawn, by their number.
        cnn_steps: most training steps of the CNN; it takes two per labelled scene up to there.
        classifier_steps: training steps of the classifier of single slots.
        vae_epochs: passes of the VAE over the images that the model was trained on.
    """

    draws: Mapping[int, int] = field(
        default_factory=lambda: {30: 3, 100: 3, 300: 3, 1000: 2, 3000: 1}
    )
    cnn_steps: int = 400
    classifier_steps: int = 500
    vae_epochs: int = 10


@dataclass(frozen=True)
class Pairs:
    """Scenes with two digits.

    Attributes:
        images: intensities in [0, 1].
        slots: what and where of the first two present slots, in the model's order.
        left_first: the same slots, the left one first.
        answers: class of the right answer, by question.
    """

    images: Float[Tensor, "N C H W"]
    slots: Float[Tensor, "N D"]
    left_first: Float[Tensor, "N D"]
    answers: Mapping[str, Int[Tensor, " N"]]

    @classmethod
    def of(cls, scenes: Scenes, model: SceneModel) -> "Pairs":
        """The scenes that hold two digits."""
        assert scenes.counts is not None
        assert scenes.labels is not None
        assert scenes.boxes is not None
        (index,) = (scenes.counts == 2).nonzero(as_tuple=True)
        images = unit_images(scenes.images[index], model, torch.device("cpu"))
        pairs = [pair_of_slots(model.infer(part)) for part in images.split(250)]
        slots, x0 = (torch.cat(parts) for parts in zip(*pairs, strict=True))
        left_first = slots.take_along_dim(rearrange(x0.argsort(1), "n k -> n k 1"), 1)
        labels = scenes.labels[index, :2]
        left, right = labels.gather(1, scenes.boxes[index, :2, 0].argsort(1)).unbind(1)
        return cls(
            images,
            rearrange(slots, "n k d -> n (k d)"),
            rearrange(left_first, "n k d -> n (k d)"),
            {question: answer[left, right] for question, answer in QUESTIONS.items()},
        )


def pair_of_slots(inference: Inference) -> tuple[Float[Tensor, "B 2 D"], Float[Tensor, "B 2"]]:
    """What and where of the first two present slots, and the left edge of their windows.

    A slot that is absent is 0.
    """
    assert inference.where is not None
    assert inference.boxes is not None
    present = rearrange(inference.presence, "b k -> b k 1")
    first = present.argsort(dim=1, descending=True, stable=True)[:, :2]
    slots = present * torch.cat([inference.slots, inference.where], -1)
    x0 = inference.boxes[..., 0].take_along_dim(rearrange(first, "b k 1 -> b k"), 1)
    return slots.take_along_dim(first, 1), x0


@dataclass(frozen=True)
class Curve:
    """Test accuracy of one input for one question.

    Attributes:
        question: what is asked.
        source: what the answer is read from.
        accuracy: of each draw, by the number of labels.
    """

    question: str
    source: str
    accuracy: Mapping[int, list[float]]


@dataclass(frozen=True)
class Inputs:
    """One kind of input for training and test, and the readout for it."""

    train: Tensor
    test: Tensor
    readout: Readout

    def curve(self, question: str, source: str, splits: Mapping[str, Pairs], plan: Plan) -> Curve:
        """Learns from some training scenes and judges on test scenes, for each number and draw."""
        given, right = (splits[s].answers[question] for s in ("train", "test"))
        accuracy: dict[int, list[float]] = {n: [] for n in plan.draws}
        for n, draws in plan.draws.items():
            for draw in range(draws):
                chance = torch.Generator().manual_seed(draw)
                index = torch.randperm(len(given), generator=chance)[:n]
                answer = self.readout.fit(self.train[index], given[index], question, draw)
                with torch.no_grad():
                    correct = answer(self.test) == right
                accuracy[n].append(correct.double().mean().item())
        return Curve(question, source, accuracy)


def all_curves(
    recipe: Recipe, splits: Mapping[str, Pairs], model: SceneModel, plan: Plan
) -> Iterator[Curve]:
    """The curves of every input and question.

    Args:
        recipe: the model's recipe, whose training images the VAE is trained on.
        splits: other scenes, for the readouts.
        model: the trained model, on the CPU.
        plan: how much is done.
    """
    assert len(splits["train"].slots) >= max(plan.draws)
    unlabelled = unit_images(
        recipe.build_source().scenes("train").images, model, torch.device("cpu")
    )
    vae = trained_vae(unlabelled, splits["train"].slots.shape[1], plan.vae_epochs)
    codes = CodeReadout()
    views: dict[str, tuple[Callable[[Pairs], Tensor], Readout]] = {
        "slots": (lambda pairs: pairs.slots, codes),
        "VAE code": (lambda pairs: vae.code(pairs.images), codes),
        "slots, classified": (
            lambda pairs: pairs.left_first,
            SlotClassifier(plan.classifier_steps),
        ),
        "pixels": (lambda pairs: pairs.images, PixelReadout(plan.cnn_steps)),
    }
    inputs = {
        name: Inputs(view(splits["train"]), view(splits["test"]), readout)
        for name, (view, readout) in views.items()
    }
    for name, each in inputs.items():
        for question in QUESTIONS:
            yield each.curve(question, name, splits, plan)


def table(curves: list[Curve], splits: Mapping[str, Pairs]) -> str:
    """The curves as a Markdown table: mean accuracy, and that of each draw in brackets."""
    sizes = list(curves[0].accuracy)
    lines = ["| question | from | " + " | ".join(f"{n:,} labels" for n in sizes) + " |"]
    lines.append("|---|---|" + "---:|" * len(sizes))
    for curve in sorted(curves, key=lambda curve: list(QUESTIONS).index(curve.question)):
        cells = [
            f"{mean(a):.1%} ({' '.join(f'{100 * each:.1f}' for each in a)})"
            for a in curve.accuracy.values()
        ]
        lines.append(f"| {curve.question} | {curve.source} | " + " | ".join(cells) + " |")
    lines.append("")
    for question in QUESTIONS:
        right = splits["test"].answers[question]
        lines.append(f"{question}: {right.bincount().max() / len(right):.1%} by one answer for all")
    lines.append(", ".join(f"{len(p.slots):,} {s} scenes" for s, p in splits.items()))
    return "\n".join(lines)


def draw(curves: list[Curve], path: Path) -> None:
    """One panel per question: mean accuracy over labels, and a dot for each draw."""
    figure = Figure(figsize=(8.5, 3.4), layout="constrained")
    for axes, question in zip(figure.subplots(1, len(QUESTIONS)), QUESTIONS, strict=True):
        for curve in (c for c in curves if c.question == question):
            sizes, color = list(curve.accuracy), COLORS[curve.source]
            means = [100 * mean(curve.accuracy[n]) for n in sizes]
            axes.plot(sizes, means, color=color, lw=2, label=curve.source)
            for n in sizes:
                dots = [100 * each for each in curve.accuracy[n]]
                axes.plot([n] * len(dots), dots, "o", color=color, ms=4, alpha=0.6)
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{n:,}" for n in sizes])
        axes.minorticks_off()
        axes.set_title(question, color=style.INK, fontsize=10)
        axes.set_xlabel("labelled scenes", color=style.INK)
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("test accuracy, %", color=style.INK)
    figure.axes[0].legend(frameon=False, labelcolor=style.INK)
    style.save_figure(figure, path)


def main() -> None:
    """Prints and draws what the command line asks for."""
    registry = Registry.discover()
    run = stored_run(Path(sys.argv[1]), registry)
    model, _ = restored_model(run)
    source = load(str(run.recipe_file), OTHER_SCENES, registry).build_source()
    model = model.cpu().eval()
    splits = {split: Pairs.of(source.scenes(split), model) for split in SPLITS}
    curves: list[Curve] = []
    for curve in all_curves(run.recipe, splits, model, Plan()):
        print(f"{curve}, {time.process_time():.0f} CPU seconds so far", flush=True)
        curves.append(curve)
        draw(curves, Path(sys.argv[2]))  # whatever is known by now
    print(table(curves, splits))


if __name__ == "__main__":
    main()
