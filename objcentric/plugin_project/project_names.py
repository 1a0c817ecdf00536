"""The names of a plugin project (`ProjectNames`)."""

import keyword
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass

from objcentric.errors import ObjcentricError

VALID = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)
PREFIX = "objcentric_"


@dataclass(frozen=True)
class ProjectNames:
    """What a project, its package and its plugin are called.

    Attributes:
        distribution: name for pip, such as `objcentric-mine`, normalised as PEP 503 says.
        package: name for `import`, such as `objcentric_mine`.
        plugin: first half of the components' names, such as `mine`.
    """

    distribution: str
    package: str
    plugin: str

    @classmethod
    def of(cls, name: str, taken: Collection[str] = ()) -> "ProjectNames":
        """The names that follow from the one that the user gave.

        Args:
            name: the given name.
            taken: names of the plugins that are installed.

        Raises:
            ObjcentricError: no project, package or plugin can be called that.
        """
        if not VALID.fullmatch(name):
            raise ObjcentricError(
                f"{name!r} cannot be the name of a project: use letters, digits and single "
                "hyphens, such as objcentric-mine"
            )
        distribution = re.sub(r"[-_.]+", "-", name).lower()
        package = distribution.replace("-", "_")
        if not package.isidentifier() or keyword.iskeyword(package):
            raise ObjcentricError(
                f"{name!r} gives the package {package!r}, which Python cannot import; "
                f"objcentric-{distribution} would work"
            )
        plugin = package.removeprefix(PREFIX)
        if package in (*sys.stdlib_module_names, "objcentric") or plugin in taken:
            raise ObjcentricError(
                f"{plugin!r} is already the name of something else that is installed; "
                "choose another name"
            )
        return cls(distribution, package, plugin)
