"""The figure of docs/results/few-labels.md shows what readouts learn."""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import torch
from pages import ROOT

from objcentric.interfaces import Inference
from objcentric.recipe import load


@pytest.fixture(scope="module")
def figure() -> Iterator[ModuleType]:
    """The script as it runs, with its folder on the path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "docs/figures")
        yield importlib.import_module("few_labels")


@pytest.fixture
def inference() -> Inference:
    """Three slots, of which the last two are present, from right to left."""
    return Inference(
        presence=torch.tensor([[0.0, 1.0, 1.0]]),
        presence_probs=torch.tensor([[0.1, 0.9, 0.8]]),
        slots=torch.tensor([[[1.0], [2.0], [3.0]]]),
        where=torch.tensor([[[10.0], [20.0], [30.0]]]),
        boxes=torch.tensor([[[0.0] * 4, [7.0] * 4, [5.0] * 4]]),
        canvas=torch.zeros(1, 1, 2, 2),
        masks=torch.zeros(1, 4, 2, 2),
    )


def test_readouts_see_what_and_where_of_present_slots(figure: ModuleType, inference: Inference):
    slots, x0 = figure.pair_of_slots(inference)
    assert slots.tolist() == [[[2.0, 20.0], [3.0, 30.0]]]
    assert x0.tolist() == [[7.0, 5.0]]
    single = replace(inference, presence=torch.tensor([[0.0, 1.0, 0.0]]))
    assert figure.pair_of_slots(single)[0].tolist() == [[[2.0, 20.0], [0.0, 0.0]]]


def test_answers_are_those_of_the_digits(figure: ModuleType) -> None:
    total, ascending = figure.QUESTIONS.values()
    assert total[3, 9] == 12
    assert (ascending[3, 9], ascending[9, 3], ascending[4, 4]) == (1, 0, 0)


def test_a_classifier_of_slots_learns_digits_from_sums(figure: ModuleType) -> None:
    torch.manual_seed(0)
    digits = torch.randint(0, 10, (400, 2))
    x = torch.nn.functional.one_hot(digits, 10).flatten(1).float()
    question = "sum of the digits"
    answer = figure.SlotClassifier(300).fit(x[:300], digits[:300].sum(1), question, 0)
    assert (answer(x[300:]) == digits[300:].sum(1)).float().mean() > 0.8


def test_every_question_is_asked_of_every_input_and_drawn(
    figure: ModuleType, tmp_path: Path
) -> None:
    small = ("scenes.train=60", "scenes.validation=1", "scenes.test=30", "model.objects=2")
    recipe = load("quickstart", small)
    model = recipe.build_model((1, 50, 50)).eval()
    plan = figure.Plan(draws={4: 2, 8: 1}, cnn_steps=2, classifier_steps=2, vae_epochs=1)
    source = recipe.build_source()
    splits = {split: figure.Pairs.of(source.scenes(split), model) for split in figure.SPLITS}
    curves = list(figure.all_curves(recipe, splits, model, plan))
    asked = {(curve.question, curve.source) for curve in curves}
    assert asked == {(question, name) for question in figure.QUESTIONS for name in figure.COLORS}
    for curve in curves:
        assert [len(accuracy) for accuracy in curve.accuracy.values()] == [2, 1]
    assert "8 labels" in figure.table(curves, splits)
    figure.draw(curves, tmp_path / "labels.png")
    assert (tmp_path / "labels.png").stat().st_size > 1000
