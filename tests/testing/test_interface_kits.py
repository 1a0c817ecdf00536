"""A plugin says how the components of its own interface are checked."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from objcentric.cli.main import build_app
from objcentric.component import Component
from objcentric.registry import PluginError, Registry
from objcentric.testing import check_component

PLUGIN = '''
"""Lenses, an interface that only this file knows."""

from abc import abstractmethod

import torch
from torch import nn

import objcentric
from objcentric.component import Component


class Lens(Component, nn.Module):
    """Turns an image into another one."""

    @abstractmethod
    def forward(self, image): ...


class Glass(Lens):
    def forward(self, image):
        return 0.5 * image


class Fog(Glass):
    def forward(self, image):
        return 0.5 * image + 0.1


class Pinhole(Glass):
    def forward(self, image):
        return 0.5 * image[..., :1, :1]


class Telescope(Glass):
    """Holds another lens, which nobody gives it."""

    def __init__(self, *, front: Lens):
        super().__init__()
        self.front = front

    def forward(self, image):
        return self.front(image)


@objcentric.hookimpl
def objcentric_components():
    return [Glass, Fog, Pinhole, Telescope]


@objcentric.hookimpl
def objcentric_interface_kits():
    from objcentric.testing import Exercise, InterfaceKit, expect

    def keeps_black(subject):
        "A black image stays black."
        seen = subject.build()(torch.zeros(1, *subject.scene.image_shape))
        expect(not seen.any(), "a black image to stay black", seen.max().item())

    exercise = Exercise(
        takes={"image": "B C H W"},
        gives={"seen": "B C H W"},
        use=lambda lens, scene, given: {"seen": lens(given["image"])},
    )
    return [InterfaceKit(Lens, exercise, partner=Glass, checks=(keeps_black,))]
'''


@pytest.fixture
def lenses(tmp_path: Path) -> Path:
    path = tmp_path / "lenses.py"
    path.write_text(PLUGIN)
    return path


def statuses(registry: Registry, name: str) -> dict[str, str]:
    entry = next(e for e in registry.components() if e.canonical == name)
    return {r.name: r.status for r in check_component(entry.load(), registry=registry)}


def test_components_of_the_plugin_s_interface_pass_shared_checks_and_its_own(lenses) -> None:
    found = statuses(Registry.discover([lenses]), "lenses.glass")
    assert "failed" not in found.values()
    assert {found[name] for name in ("shapes", "gradients", "keeps_black")} == {"passed"}


@pytest.mark.parametrize(("lens", "check"), [("fog", "keeps_black"), ("pinhole", "shapes")])
def test_a_broken_component_of_it_fails(lenses, lens: str, check: str) -> None:
    found = statuses(Registry.discover([lenses]), f"lenses.{lens}")
    assert [name for name, status in found.items() if status == "failed"] == [check]


def test_the_kit_s_partner_is_given_to_a_component_that_needs_one(lenses) -> None:
    found = statuses(Registry.discover([lenses]), "lenses.telescope")
    assert found["keeps_black"] == "passed"


def test_the_command_checks_them_and_says_what_the_failed_check_demands(lenses) -> None:
    def run(name: str):
        arguments = ["check", name, "--plugin", str(lenses)]
        return CliRunner(env={"COLUMNS": "200"}).invoke(build_app(), arguments)

    assert run("glass").exit_code == 0
    failed = run("fog")
    assert failed.exit_code == 1
    assert "A black image stays black." in failed.stdout
    assert "conformance.md" not in failed.stdout


def test_a_kit_that_cannot_be_had_is_an_error_only_for_components_of_unknown_interfaces(
    lenses,
) -> None:
    lenses.write_text(PLUGIN.replace("return [InterfaceKit(", "return [InterfaceKid("))
    registry = Registry.discover([lenses])
    entry = registry.find(Component, "lenses.glass")
    with pytest.raises(PluginError, match=r"'lenses'.*brings no kits.*InterfaceKid"):
        check_component(entry.load(), registry=registry)
    assert check_component(registry.find(Component, "air.sum").load(), registry=registry)


def test_two_kits_of_one_interface_are_refused(lenses) -> None:
    lenses.write_text(PLUGIN.replace("checks=(keeps_black,))]", "checks=(keeps_black,))] * 2"))
    registry = Registry.discover([lenses])
    with pytest.raises(PluginError, match="2 kits of the interface Lens"):
        statuses(registry, "lenses.glass")
