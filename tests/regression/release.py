"""Whether a tag may be released: `python tests/regression/release.py v0.1.0`.

The tag is the version of every project, and the changelog has a section of it, with a date.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def problems(tag: str, changelog: str, versions: set[str]) -> list[str]:
    """What is wrong with a release; empty if nothing is.

    Args:
        tag: the tag, such as `v0.1.0`.
        changelog: its text.
        versions: the versions of all projects.
    """
    version = tag.removeprefix("v")
    found = []
    if not re.fullmatch(r"v\d+\.\d+\.\d+", tag):
        found.append(f"the tag {tag} is none like v1.2.3")
    if versions != {version}:
        found.append(f"the projects have the versions {', '.join(sorted(versions))}")
    if not re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", changelog, re.MULTILINE):
        found.append(f"the changelog has no section '## {version} (YYYY-MM-DD)'")
    return found


def main() -> None:
    projects = [ROOT / "pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml")]
    versions = {
        tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"] for file in projects
    }
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sys.exit("\n".join(problems(sys.argv[1], changelog, versions)) or 0)


if __name__ == "__main__":
    main()
