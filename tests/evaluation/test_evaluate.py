"""The loop over metrics."""

import pytest
import torch
from told_model import Brightness, Counted, Every, ToldModel, Weighed

from objcentric.evaluation.evaluate import evaluate, fitting
from objcentric.interfaces import Scenes

CPU = torch.device("cpu")


@pytest.fixture
def scenes():
    """Twelve scenes; in the first nine the first pixel, and so the told model, is right."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (12, 1, 4, 4), dtype=torch.uint8, generator=generator)
    counts = torch.arange(12) % 3
    images[:, 0, 0, 0] = counts.byte()
    images[9:, 0, 0, 0] += 1
    images[11, 0, 0, 0] = 0  # 3 objects would be counted as 2
    return Scenes(images=images, counts=counts, sha256="")


def test_figures_are_those_of_all_scenes_by_the_metrics_keys(scenes):
    model = ToldModel({"presence"})
    figures = evaluate(model, scenes, [Counted(), Brightness(), Every()], CPU)
    assert list(figures) == ["counted", "brightness", "every"]
    assert figures["counted"] == 9 / 12
    assert figures["brightness"] == pytest.approx(scenes.images.double().mean().item() / 255)
    assert figures["every"] == [0, 1, 2] * 4


@pytest.mark.parametrize("size", [1, 5, 12, 100])
def test_however_scenes_are_batched_the_figures_are_the_same(scenes, size):
    model, metrics = ToldModel({"presence"}), [Counted(), Brightness(), Every()]
    whole = evaluate(model, scenes, metrics, CPU)
    parts = evaluate(model, scenes, metrics, CPU, batch_size=size)
    assert parts.pop("brightness") == pytest.approx(whole.pop("brightness"))
    assert parts == whole


def test_a_metric_whose_truth_is_not_known_is_left_out(scenes):
    unknown = Scenes(images=scenes.images, sha256="")
    figures = evaluate(ToldModel({"presence"}), unknown, [Counted(), Brightness(), Every()], CPU)
    assert list(figures) == ["brightness"]


def test_a_metric_whose_ability_the_model_lacks_is_left_out_and_the_model_not_asked(scenes):
    metrics = [Counted(), Weighed(), Brightness()]
    assert list(evaluate(ToldModel(), scenes, metrics, CPU)) == ["brightness"]
    assert fitting(metrics, ToldModel({"density"}), scenes) == metrics[1:]


def test_figures_are_the_same_each_time_and_leave_the_noise_alone(scenes):
    model, metrics = ToldModel({"density"}), [Weighed()]
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    first = evaluate(model, scenes, metrics, CPU)
    assert torch.equal(torch.rand(2), expected)
    assert evaluate(model, scenes, metrics, CPU) == first


@pytest.mark.parametrize("training", [True, False])
def test_a_model_is_judged_in_evaluation_mode_and_left_in_the_mode_that_it_was_in(scenes, training):
    model = ToldModel().train(training)
    evaluate(model, scenes, [Brightness()], CPU)
    assert model.training is training
    assert model.modes == [False]


def test_a_model_is_left_in_its_mode_by_a_metric_that_fails(scenes):
    class Failing(Brightness):
        def measure(self, judged):
            raise RuntimeError("out of luck")

    model = ToldModel().train()
    with pytest.raises(RuntimeError, match="out of luck"):
        evaluate(model, scenes, [Failing()], CPU)
    assert model.training


def test_images_come_in_the_precision_of_the_model(scenes):
    seen = []

    class Curious(Brightness):
        def measure(self, judged):
            seen.append(judged.image.dtype)
            return super().measure(judged)

    evaluate(ToldModel().double(), scenes, [Curious()], CPU)
    assert seen == [torch.float64]
