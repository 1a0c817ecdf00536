"""`objcentric.interruption`: Ctrl-C and SIGTERM while packages are imported."""

import signal
import subprocess
import sys

import pytest

from objcentric.interruption import INTERRUPTED, as_ctrl_c, interrupts_end_at_once

SWALLOWS = """
import time
print("importing", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("swallowed", flush=True)
"""
"""A module that treats an exception during its import as torch treats one in that of numpy."""

IMPORTS = """
import signal
import sys, types
from objcentric.interruption import as_ctrl_c
signal.signal(signal.SIGTERM, as_ctrl_c)  # as `main` does
sys.modules["torch"] = types.ModuleType("torch")  # the real one takes seconds
from objcentric.cli.imports import import_torch
import_torch("swallows")
print("imported", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_imports_ends_the_process_though_a_package_would_swallow_it(
    tmp_path, number
):
    (tmp_path / "swallows.py").write_text(SWALLOWS)
    process = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.append({str(tmp_path)!r}); {IMPORTS}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "importing\n"
    process.send_signal(number)
    out, error = process.communicate(timeout=50)
    assert (process.returncode, out, error) == (INTERRUPTED, "", "")


def test_handlers_are_back_after_the_block():
    before = signal.getsignal(signal.SIGTERM)
    try:
        signal.signal(signal.SIGTERM, as_ctrl_c)
        with interrupts_end_at_once():
            assert signal.getsignal(signal.SIGTERM) is not as_ctrl_c
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as after `nohup`
    try:
        with interrupts_end_at_once():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
