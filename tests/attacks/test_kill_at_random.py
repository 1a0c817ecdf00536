"""Nothing is lost when a command is killed, whatever it is doing."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["train", "start", "seeds", "compare", "torchrun"])
def test_what_is_killed_at_random_ends_as_if_it_had_not_been(kind):
    script = Path(__file__).with_name("kill_at_random.py")
    done = subprocess.run(
        [sys.executable, str(script), "--seed", "3", "--kills", "3", "--only", kind],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
