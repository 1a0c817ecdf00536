"""Without torchvision, wandb, matplotlib and scikit-learn: it trains, and says what needs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKED = """\
import sys

# What import and find_spec take for a package that is not installed.
sys.modules.update(dict.fromkeys(("torchvision", "wandb", "matplotlib", "sklearn", "ray")))
from objcentric.cli.main import main

main()
"""


@pytest.fixture
def without_extras(tmp_path):
    """Runs a command in a process that has only torch and what is small."""

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", BLOCKED, *map(str, words)]
        environment = {k: v for k, v in os.environ.items() if k != "OBJCENTRIC_DATA"}
        environment |= {"OMP_NUM_THREADS": "1", "OBJCENTRIC_OFFLINE": "1"}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    return call


def test_a_model_trains_and_says_that_there_are_no_pictures(
    without_extras, tiny_recipe_file, tiny_plugin, tmp_path: Path
):
    done = without_extras(
        *("train", tiny_recipe_file, "training.epochs=1", "tracking.wandb=offline"),
        *("--out", "run", "--plugin", tiny_plugin),
    )
    assert done.returncode == 0, done.stderr
    assert "no pictures are drawn, because matplotlib is not installed" in done.stdout
    assert "Pictures:" not in done.stdout
    assert "wandb, which is not installed" in done.stdout + done.stderr
    assert (tmp_path / "run" / "summary.json").is_file()


@pytest.mark.parametrize(
    ("recipe", "package"), [("quickstart", "scikit-learn"), ("air-multi-mnist", "torchvision")]
)
def test_what_needs_a_package_says_so_in_one_line(without_extras, recipe, package):
    done = without_extras("train", recipe, "--quiet")
    assert done.returncode == 2
    assert f"without {package}, which is not installed: pip install {package}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_comparison_on_ray_names_the_extra(without_extras, tiny_recipe_file, tiny_plugin):
    done = without_extras("compare", tiny_recipe_file, "--on", "ray", "--plugin", tiny_plugin)
    assert done.returncode == 2
    assert "without ray, which is not installed: pip install 'objcentric[ray]'" in done.stderr
    assert "Traceback" not in done.stderr
