"""The figures a model is judged by."""

from dataclasses import replace

import pytest
import torch

from objcentric.evaluation.evaluate import evaluate
from objcentric.objective import Bound, Inference

CPU = torch.device("cpu")


@pytest.fixture
def model(tiny_recipe):
    return tiny_recipe().build_model((1, 12, 12))


@pytest.fixture
def scenes(tiny_recipe, scenes_of):
    return scenes_of(tiny_recipe())["test"]


@pytest.fixture
def oracle(model, scenes, monkeypatch):
    """A model that knows the scenes: it finds every object of those with two, and a half of one."""

    def infer(image):
        drafts = model.scheduler(image, model.calm_perception)
        presence = torch.zeros(len(image), 2)
        presence[scenes.counts == 2] = 1.0
        return Inference(
            presence=presence,
            count_probs=drafts.presence.counts().probs,
            boxes=scenes.boxes,
            where=drafts.where.sample,
            what=drafts.what.sample,
            canvas=image + 0.5,
            drafts=drafts,
        )

    def bound(image, progress):
        noise = torch.rand(len(image))
        return Bound(elbo=noise - 3, nll=3 - noise, presence_kl=0 * noise, object_kl=0 * noise)

    monkeypatch.setattr(model, "infer", infer)
    monkeypatch.setattr(model, "bound", bound)
    return model


def test_figures_are_those_of_the_scenes(oracle, scenes):
    figures = evaluate(oracle, scenes, CPU)  # 8 scenes with 0, 1 and 2 objects each
    assert figures["confusion"] == [[8, 0, 0], [8, 0, 0], [0, 0, 8]]
    assert figures["count_accuracy"] == 16 / 24
    assert figures["slot_usage"] == [pytest.approx(1 / 3)] * 2
    assert figures["mse"] == pytest.approx(0.25)
    assert figures["box_iou"] == pytest.approx(16 / 24)  # the 8 single ones are missed
    assert figures["elbo"] == -figures["nll"]
    assert -3 <= figures["elbo"] <= -2


def test_figures_are_the_same_each_time_and_leave_the_noise_alone(model, scenes):
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    first = evaluate(model, scenes, CPU)
    assert torch.equal(torch.rand(2), expected)
    assert evaluate(model, scenes, CPU) == first


def test_a_short_last_batch_counts_for_what_it_holds(model, scenes):
    whole, parts = (evaluate(model, scenes, CPU, batch_size=size) for size in (24, 7))
    for name in ("count_accuracy", "confusion", "slot_usage"):
        assert whole[name] == parts[name]
    assert parts["mse"] == pytest.approx(whole["mse"], rel=1e-5)


def test_a_model_is_in_the_mode_that_it_was_in(model, scenes):
    seen = []
    model.decoder.register_forward_pre_hook(lambda module, _: seen.append(module.training))
    model.train()
    evaluate(model, scenes, CPU)
    assert model.training
    assert set(seen) == {False}


def test_scenes_without_objects_have_no_windows_to_judge(model, scenes):
    empty = replace(scenes, counts=torch.zeros_like(scenes.counts))
    figures = evaluate(model, empty, CPU)
    assert figures["box_iou"] is None
    assert figures["ink_enclosed"] is None
