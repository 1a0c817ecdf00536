"""What holds for every metric of the plugin, whatever it measures."""

import importlib
import subprocess
import sys
from dataclasses import fields, replace
from itertools import pairwise
from operator import itemgetter

import pytest
import torch
from torch import Tensor

import objcentric_metrics
from objcentric.interfaces import Inference, Judged, Truth

METRICS = {
    metric.key: metric
    for module, name in (e.split(":") for e in objcentric_metrics.objcentric_components())
    for metric in [getattr(importlib.import_module(module), name)()]
}


def changed(value, change):
    """An inference or a truth with every tensor changed in the same way."""
    values = {field.name: getattr(value, field.name) for field in fields(value)}
    return replace(value, **{n: change(v) for n, v in values.items() if isinstance(v, Tensor)})


def changed_batch(batch, change):
    return replace(
        batch,
        image=change(batch.image),
        truth=changed(batch.truth, change),
        inference=changed(batch.inference, change),
    )


@pytest.fixture
def batch(linear_gaussian):
    """24 scenes of up to 3 objects, found by 4 slots more or less."""
    n, objects, slots, side = 24, 3, 4, 12
    linear_gaussian.log_weights = lambda image, n: image.double().sum((1, 2, 3)).expand(n, -1)
    linear_gaussian.log_likelihood = lambda image: image.double().sum((1, 2, 3))
    counts = torch.randint(0, objects + 1, (n,))
    labels = torch.randint(0, 2, (n, objects))
    corner = torch.rand(n, objects, 2) * 8
    boxes = torch.cat([corner, corner + 4], -1).round()
    segmentation = torch.randint(0, objects + 1, (n, side, side))
    segmentation = torch.where(segmentation > counts[:, None, None], 0, segmentation)
    right = torch.nn.functional.one_hot(segmentation, slots + 1).movedim(-1, 1)
    probs = torch.rand(n, slots)
    return Judged(
        model=linear_gaussian,
        image=torch.rand(n, 1, side, side),
        truth=Truth(
            counts=counts,
            boxes=boxes,
            labels=torch.where(torch.arange(objects) < counts[:, None], labels, -1),
            segmentation=segmentation.to(torch.uint8),
        ),
        inference=Inference(
            presence=probs.round(),
            presence_probs=probs,
            slots=torch.randn(n, slots, 2),
            canvas=torch.rand(n, 1, side, side),
            masks=(1.5 * right + torch.randn(n, slots + 1, side, side)).softmax(1),
            boxes=torch.nn.functional.pad(boxes, (0, 0, 0, 1)) + torch.randn(n, slots, 4) / 2,
        ),
    )


def numbers(figure):
    return torch.tensor(figure, dtype=torch.float64).flatten().tolist()


@pytest.mark.parametrize("key", sorted(METRICS))
@pytest.mark.parametrize("sizes", [(5, 9, 10), (1, 23)])
def test_how_scenes_are_split_into_batches_does_not_change_a_figure(batch, figure_of, key, sizes):
    ends = torch.tensor((0, *sizes)).cumsum(0).tolist()
    parts = [changed_batch(batch, itemgetter(slice(a, b))) for a, b in pairwise(ends)]
    whole = numbers(figure_of(METRICS[key], batch))
    assert numbers(figure_of(METRICS[key], *parts)) == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize("key", sorted(METRICS))
def test_the_order_of_objects_does_not_change_a_figure(batch, figure_of, key):
    truth = batch.truth
    full = (
        truth.counts == truth.boxes.shape[1]
    )  # in others, entries beyond the count are no objects
    assert full.any()
    backwards = torch.tensor([0, 3, 2, 1], dtype=torch.uint8)[truth.segmentation.long()]
    swap = replace(
        truth,
        boxes=torch.where(full[:, None, None], truth.boxes.flip(1), truth.boxes),
        labels=torch.where(full[:, None], truth.labels.flip(1), truth.labels),
        segmentation=torch.where(full[:, None, None], backwards, truth.segmentation),
    )
    expected = numbers(figure_of(METRICS[key], batch))
    figure = figure_of(METRICS[key], replace(batch, truth=swap))
    assert numbers(figure) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("key", sorted(METRICS))
def test_figures_are_within_bounds_and_can_be_shown(batch, figure_of, key):
    metric = METRICS[key]
    figure = figure_of(metric, batch)
    lowest, highest = metric.bounds
    assert all(lowest <= number <= highest for number in numbers(figure))
    assert any(digit in metric.show(figure) for digit in "0123456789")
    assert metric.show(None) == "–"


@pytest.mark.parametrize("key", sorted(METRICS))
def test_what_is_measured_stays_on_the_device_of_the_batch(batch, key):
    # A tensor that is made without a device would be a `meta` one, which mixes with no other.
    with torch.device("meta"):
        measured = METRICS[key].measure(batch)
        again = METRICS[key].combine(measured, measured)
    assert {value.device.type for value in (*measured.values(), *again.values())} == {"cpu"}


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
@pytest.mark.parametrize("key", sorted(METRICS))
def test_a_figure_does_not_depend_on_the_precision_of_a_model(batch, figure_of, key, dtype):
    # Every number here is one that half precision holds exactly.
    def coarse(t):
        return t.to(torch.bfloat16).float() if t.is_floating_point() else t

    def recast(t):
        return t.to(dtype) if t.is_floating_point() else t

    exact = replace(batch, image=coarse(batch.image), inference=changed(batch.inference, coarse))
    other = replace(exact, image=recast(exact.image), inference=changed(exact.inference, recast))
    expected = numbers(figure_of(METRICS[key], exact))
    assert numbers(figure_of(METRICS[key], other)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("key", sorted(METRICS))
def test_a_figure_is_the_same_on_a_cuda_device(batch, figure_of, key):
    moved = changed_batch(batch, Tensor.cuda)
    expected = numbers(figure_of(METRICS[key], batch))
    assert numbers(figure_of(METRICS[key], moved)) == pytest.approx(expected, rel=1e-5)


def test_every_metric_says_what_it_is():
    for metric in METRICS.values():
        assert metric.title
        assert metric.__doc__
        assert metric.better in ("higher", "lower") or metric.style == "table"
        assert metric.bounds[0] < metric.bounds[1]


def test_keys_are_those_that_runs_and_recipes_name():
    assert METRICS.keys() >= {
        "count_accuracy", "mse", "box_iou", "ink_enclosed", "slot_usage", "confusion", "elbo", "nll"
    }  # fmt: skip
    customary = {key for key, metric in METRICS.items() if metric.customary}
    assert METRICS.keys() - customary == {"ari", "iwae", "box_ap", "mask_ap", "slot_class"}


def test_listing_the_metrics_imports_neither_torch_nor_them():
    code = (
        "import sys, objcentric_metrics; objcentric_metrics.objcentric_components();"
        "sys.exit(any(m in sys.modules for m in ('torch', 'scipy', 'sklearn')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
