"""What `--swap` says."""

import pytest

from objcentric.comparison.change import Change, parse_swaps
from objcentric.errors import ObjcentricError


def overrides(*swaps):
    return [[change.override for change in changes] for changes in parse_swaps(swaps)]


def test_what_is_no_section_of_a_recipe_is_a_part_of_its_model():
    assert overrides("estimator.baseline=a", "model.prior=b", "training.lr=1e-3") == [
        ['model.estimator.baseline="a"'],
        ['model.prior="b"'],
        ["training.lr=0.001"],
    ]


def test_commas_in_brackets_do_not_separate():
    assert overrides("estimator={use: vimco, particles: 5},nvil", "encoder.hidden=[4, 5],[6]") == [
        ['model.estimator={"use": "vimco", "particles": 5}', 'model.estimator="nvil"'],
        ["model.encoder.hidden=[4, 5]", "model.encoder.hidden=[6]"],
    ]


def test_values_keep_their_types():
    assert overrides("x=1,1.5,true,null,'1'") == [
        ["model.x=1", "model.x=1.5", "model.x=true", "model.x=null", 'model.x="1"']
    ]


@pytest.mark.parametrize(
    ("swap", "places"),
    [
        ("estimator=a", {"model.estimator": "estimator"}),
        ("estimator={use: a, samples: 2}", {"model.estimator": "estimator"}),
        (
            "model={decoder: a, compositor: b}",
            {"model.decoder": "decoder", "model.compositor": "compositor"},
        ),
        ("objective={beta: 1}", {"model.objective.beta": "objective.beta"}),
        ("training={lr: 1}", {"training.lr": "training.lr"}),
    ],
)
def test_a_swap_of_several_parts_at_once_names_each_of_them(swap, places):
    ((change,),) = parse_swaps([swap])
    assert change.places() == places


def test_swaps_of_one_place_are_one_swap():
    assert len(parse_swaps(["estimator=a", "model.estimator=b", "prior=c"])) == 2


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ('"nvil"', "x=nvil"),
        ('"air.sum"', "x=air.sum"),
        ("1", "x=1"),
        ('"1"', 'x="1"'),
        ('{"use": "vimco", "particles": 5}', "x={use: vimco, particles: 5}"),
    ],
)
def test_a_label_is_short_and_tells_a_text_from_a_number(written, label):
    assert Change("x", written).label == label


@pytest.mark.parametrize("swap", ["estimator", "estimator=", "=a", "x=[a", "x=a,,b"])
def test_what_is_no_swap_is_refused(swap):
    with pytest.raises(ObjcentricError, match="--swap"):
        parse_swaps([swap])


def test_the_seed_cannot_be_swapped():
    with pytest.raises(ObjcentricError, match="--seeds N says which seeds"):
        parse_swaps(["seed=1,2"])
