"""A component that is wrong is named: other shapes, errors, values that are not finite."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from objcentric.declared_shapes import WrongOutput, check_first_calls
from objcentric.progress import Progress
from objcentric.recipe import load
from objcentric.registry import Registry

MINE = """\
import torch
from torch import nn
from torch.distributions import Normal

from objcentric.drafts import Appearance
from objcentric.interfaces import Compositor, Likelihood, ObjectDecoder, ObjectEncoder, Prior
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec


class Narrow(Compositor):
    def forward(self, layers, presence):
        canvas = torch.einsum("sbk,bkchw->sbchw", presence, layers.color)
        return canvas.mean(-1, keepdim=True)


class Stumbling(Compositor):
    def forward(self, layers, presence):
        raise ValueError("there is\\nno way")


class Doubled(Likelihood):
    def log_prob(self, image, canvas):
        return -(image - canvas).double().square().sum((-1, -2, -3))


class Vague(ObjectEncoder):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(16, 1)

    def forward(self, glimpses):
        return Normal(self.layer(glimpses.flatten(2)), 1.0)


class OneDecision(Prior):
    def presence(self, progress):
        return OrderedPresence(torch.zeros(1))


class Rooted(ObjectDecoder):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(scene.what_dim, 16)

    def forward(self, what):
        color = torch.sigmoid(self.layer(what)).unflatten(-1, (1, 4, 4))
        return Appearance(color + (0 * color).sqrt())


class Bursting(ObjectEncoder):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(16, scene.what_dim)

    def forward(self, glimpses):
        what = self.layer(glimpses.flatten(2))
        return Normal(what, (100 + 0 * what).exp())
"""


@pytest.fixture
def mine(tmp_path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    return path


@pytest.fixture
def model_with(mine, tiny_plugin, tiny_recipe_file):
    """The tiny model with changes."""
    registry = Registry.discover([tiny_plugin, mine])
    return lambda *changes: load(tiny_recipe_file, changes, registry).build_model((1, 12, 12))


@pytest.fixture
def train(mine, tiny_plugin, tiny_recipe_file, tmp_path, monkeypatch, one_thread, no_pictures):
    """Trains the tiny recipe with changes, on the command line."""
    from objcentric.cli.main import build_app

    monkeypatch.chdir(tmp_path)

    def invoke(*words, before=()):
        plugins = ["--plugin", str(tiny_plugin), "--plugin", str(mine)]
        command = [*before, "train", str(tiny_recipe_file), *words, "--out", "run", *plugins]
        return CliRunner().invoke(build_app(), command)

    return invoke


def step(model):
    return model.objective(torch.rand(5, 1, 12, 12), Progress.at(0.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("compositor=narrow", r"forward .*\(1, 5, 1, 12, 1\); expected \(1, 5, 1, 12, 12\)"),
        ("encoder=vague", r"forward .*\(5, 2, 1\); expected \(5, 2, 3\).*B K what"),
        ("prior=one_decision", r"presence of shape \(1,\)|forward .*\(2, 2\)"),
        ("likelihood=doubled", r"log_prob .*torch\.float64; expected torch\.float32"),
    ],
)
def test_another_shape_or_dtype_than_declared_is_refused_with_both(model_with, change, said):
    model = model_with(f"model.{change}")
    check_first_calls(model, (1, 12, 12))
    with pytest.raises(WrongOutput, match=said):
        step(model)


def test_a_method_is_checked_at_its_first_call_only(model_with):
    model = model_with()
    plain = {name: set(vars(part)) for name, part in model.named_modules()}
    check_first_calls(model, (1, 12, 12))
    assert "forward" in vars(model.compositor)
    step(model)
    assert "forward" not in vars(model.compositor)
    model.infer(torch.rand(5, 1, 12, 12))
    left = {name: set(vars(part)) - plain[name] for name, part in model.named_modules()}
    assert not left["likelihood"] - {"sums_log_prob", "pixel_log_prob", "log_constant"}


def test_checks_do_not_change_what_is_computed(model_with):
    losses = []
    for checked in (False, True):
        torch.manual_seed(0)
        model = model_with()
        if checked:
            check_first_calls(model, (1, 12, 12))
        torch.manual_seed(1)
        losses.append(step(model).loss)
    assert losses[0] == losses[1]


def test_a_canvas_that_would_be_broadcast_fails_the_run_by_its_component_s_name(train, tmp_path):
    result = train("model.compositor=mine.narrow")
    assert result.exit_code == 1
    assert "Failed: in compositor mine.narrow: WrongOutput: forward returned" in result.output
    assert "Its folder is run" in result.output
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["status"] == "failed"
    assert summary["error"].startswith("in compositor mine.narrow: WrongOutput")


@pytest.mark.parametrize("verbose", [False, True])
def test_an_error_inside_a_component_is_one_line_and_the_traceback_is_behind_verbose(
    train, verbose
):
    result = train("model.compositor=mine.stumbling", before=["--verbose"] if verbose else [])
    assert result.exit_code == 1
    line = "in compositor mine.stumbling: ValueError: there is; no way ("
    assert sum(line in each for each in result.output.splitlines()) == 1
    assert "mine.py:19)" in result.output
    assert ("Traceback" in result.output) == verbose


def test_infinity_is_traced_to_the_component_that_made_it_and_its_batch_is_kept(train, tmp_path):
    result = train("model.encoder=mine.bursting")
    assert result.exit_code == 1
    said = result.output.replace("\n", "")
    assert "first came from object encoder mine.bursting (forward) in step 1" in said
    kept = load_file(tmp_path / "run" / "astray.safetensors")
    assert 'load_file("run/astray.safetensors")["image"]' in said
    assert kept["image"].shape == (16, 1, 12, 12)
    assert kept["scenes"].shape == (16,)
    assert kept["model.encoder.layer.weight"].isfinite().all()


def test_a_gradient_that_is_not_finite_is_traced_to_the_component_of_its_weight(train):
    result = train("model.decoder=mine.rooted")
    assert result.exit_code == 1
    said = result.output.replace("\n", "")
    assert "first came from the gradient of object decoder mine.rooted (decoder.layer" in said
