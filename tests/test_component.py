"""What components are, and that their shapes are checked in tests."""

from abc import abstractmethod

import jaxtyping
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from objcentric.component import Component, interface_of, is_concrete, snake_case
from objcentric.drafts import Layers
from objcentric.interfaces import Compositor, Glimpser
from objcentric_air.sum import Sum


class Kitchen(Component):
    @abstractmethod
    def cook(self) -> str: ...


class Italian(Kitchen):
    """Still abstract."""


class Roman(Italian):
    def cook(self) -> str:
        return "carbonara"


def test_the_interface_of_a_component_is_found_however_deep_it_lies() -> None:
    assert interface_of(Roman) is Kitchen
    assert interface_of(Sum) is Compositor


def test_the_base_of_all_components_has_no_interface() -> None:
    with pytest.raises(TypeError, match=r"Component must implement exactly one interface.*none"):
        interface_of(Component)


def test_a_component_of_two_interfaces_is_refused_with_both_names() -> None:
    class Both(Glimpser, Compositor): ...

    with pytest.raises(TypeError, match=r"Both must implement .*: Glimpser, Compositor"):
        interface_of(Both)


@pytest.mark.parametrize("cls", [Roman, Sum])
def test_what_can_be_built_is_concrete(cls: type) -> None:
    assert is_concrete(cls)


@pytest.mark.parametrize("value", [Component, Kitchen, Italian, Compositor, int, Roman(), "Sum"])
def test_bases_interfaces_abstract_classes_and_other_things_are_not_concrete(value: object) -> None:
    assert not is_concrete(value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SpatialTransformer", "spatial_transformer"),
        ("MLPEncoder", "mlp_encoder"),
        ("MlpEncoder", "mlp_encoder"),
        ("Sum", "sum"),
        ("RLOO", "rloo"),
        ("Vae2Net", "vae2_net"),
    ],
)
def test_class_names_become_snake_case(name: str, expected: str) -> None:
    assert snake_case(name) == expected


@given(name=st.from_regex(r"([A-Z][a-z0-9]+){1,4}", fullmatch=True))
def test_snake_case_keeps_every_letter(name: str) -> None:
    assert snake_case(name).replace("_", "") == name.lower()


def test_a_tensor_of_the_wrong_shape_is_refused_while_tests_run() -> None:
    layers = Layers(torch.zeros(2, 3, 1, 4, 4))
    assert Sum()(layers, torch.ones(5, 2, 3)).shape == (5, 2, 1, 4, 4)
    with pytest.raises(jaxtyping.TypeCheckError, match="presence"):
        Sum()(layers, torch.ones(2, 3))


def test_a_tensor_of_the_wrong_type_is_refused_while_tests_run() -> None:
    with pytest.raises(jaxtyping.TypeCheckError, match="color"):
        Layers(torch.zeros(2, 3, 1, 4, 4, dtype=torch.int64))
