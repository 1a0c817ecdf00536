"""Nothing is lost or spoilt by SIGKILL, whenever it comes."""

import os
import subprocess
import sys
from pathlib import Path

from objcentric.runs.run import Run


def test_a_run_killed_at_any_moment_ends_with_the_weights_of_one_that_was_not(
    tiny_plugin, tiny_recipe_file, tiny_recipe, train_tiny, learned, tmp_path
):
    script = Path(__file__).with_name("killed.py")
    subprocess.run(
        [sys.executable, str(script), str(tiny_plugin), str(tiny_recipe_file), str(tmp_path)],
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    recipe = tiny_recipe("training.epochs=2")
    whole = learned(Run(tmp_path / "whole", recipe))
    killed = sorted(path.name for path in tmp_path.glob("[0-9]*"))
    assert len(killed) > 40  # 8 batches, and what each epoch writes and removes
    for name in killed:
        done = train_tiny(name, "training.epochs=2")
        assert done.summary["status"] == "finished"
        assert learned(done.run) == whole, f"killed at moment {name}"
        checkpoints = sorted(path.name for path in done.run.checkpoints.iterdir())
        assert checkpoints == [
            "epoch-00001-step-000000",
            "epoch-00002-step-000000",
        ], f"killed at moment {name}"
