"""What somebody has who installs a wheel of objcentric, without a download."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from source_tree import HAS_CODE, NO_CODE

OFFLINE = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check")


def build_wheel(project: Path, folder: Path) -> Path:
    """Builds the wheel of a project with the tools that are here; skips without the code."""
    if not HAS_CODE:
        pytest.skip(NO_CODE)
    build = ["wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(folder), str(project)]
    _run([sys.executable, "-m", "pip", *build], folder).check_returncode()
    (wheel,) = folder.glob("*.whl")
    return wheel


class FreshEnvironment:
    """A virtual environment that sees the packages of the running one and leaves them alone.

    Args:
        folder: where it is made; commands run in there as well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        venv = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
        _run(venv, folder.parent).check_returncode()
        (site,) = folder.glob("lib/python*/site-packages")
        seen = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
        # Its own packages come first; those of the running environment, editable ones included,
        # come after them.
        lines = [f"import site; site.addsitedir({path!r})\n" for path in seen]
        (site / "running_environment.pth").write_text("".join(lines), encoding="utf-8")

    def install(self, project: Path) -> None:
        """Installs a wheel or the folder of a project."""
        self._pip("install", *OFFLINE, "--no-build-isolation", "--ignore-installed", str(project))

    def uninstall(self, distribution: str) -> None:
        self._pip("uninstall", "--quiet", "--yes", distribution)

    def objcentric(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the console script that the wheel brought."""
        return _run([str(self.bin / "objcentric"), *arguments], self.folder)

    def python(self, code: str) -> str:
        """What a line of Python prints."""
        done = _run([str(self.bin / "python"), "-c", code], self.folder)
        done.check_returncode()
        return done.stdout.strip()

    def _pip(self, *arguments: str) -> None:
        _run([str(self.bin / "python"), "-m", "pip", *arguments], self.folder).check_returncode()


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # A variable for the checkout, if there is one, would hide what is installed.
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    print(done.stdout, done.stderr, sep="\n")  # pytest shows it where a test fails
    return done
