"""Where the settings of two recipes differ."""

from math import nan

import pytest

from objcentric.runs.settings import changed_settings

BEFORE = {"seed": 1, "training": {"epochs": 3, "lr_of": {"estimator": 0.1}}}


def test_settings_that_differ_are_told_by_path_whether_changed_added_or_gone():
    now = {"seed": 2, "training": {"epochs": 3, "lr_of": {"encoder": 0.2}}}
    assert changed_settings(BEFORE, now) == {
        "seed": (1, 2),
        "training.lr_of.encoder": ("unset", 0.2),
        "training.lr_of.estimator": (0.1, "unset"),
    }


@pytest.mark.parametrize(("epochs", "changed"), [(4, {}), (2, {"training.epochs": (3, 2)})])
def test_epochs_may_grow_but_not_shrink(epochs, changed):
    now = {"seed": 1, "training": {"epochs": epochs, "lr_of": {"estimator": 0.1}}}
    assert changed_settings(BEFORE, now) == changed


def test_a_setting_that_is_not_a_number_is_itself():
    assert changed_settings({"std": nan}, {"std": nan}) == {}
