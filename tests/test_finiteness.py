"""What is not finite, by name."""

from math import inf, nan

from torch import nn

from objcentric.finiteness import astray_figures, astray_weights, named


def test_figures_that_are_not_finite_are_told_by_path_and_absent_ones_are_not():
    figures = {
        "good": 1.5,
        "absent": None,
        "count": 3,
        "lost": nan,
        "use": [0.5, inf],
        "table": [[1, 2], [3, 4]],
        "inner": {"good": 0.0, "lost": -inf},
    }
    assert astray_figures(figures) == ["lost", "use", "inner.lost"]


def test_weights_that_are_not_trained_do_not_count():
    layers = {"first": nn.Linear(2, 2), "second": nn.Linear(2, 2)}
    model = nn.ModuleDict(layers)
    assert astray_weights(model) == []
    for layer in layers.values():
        nn.init.constant_(layer.bias, inf)
    model["second"].requires_grad_(False)
    assert astray_weights(model) == ["first.bias"]


def test_many_names_are_cut_short():
    assert named(["a", "b"]) == "a, b"
    assert named(list("abcdefg")) == "a, b, c, d, e and 2 more"
