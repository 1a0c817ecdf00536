"""A complete project of a plugin, written to a folder (`PluginProject`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from objcentric import INTERFACE_VERSION, __version__
from objcentric.errors import ObjcentricError
from objcentric.names import did_you_mean
from objcentric.plugin_project.project_names import ProjectNames
from objcentric.plugin_project.samples import SAMPLES, Sample

TEMPLATES = {
    "pyproject.toml": "pyproject.toml.j2",
    "README.md": "README.md.j2",
    ".gitignore": "gitignore.j2",
    ".github/workflows/ci.yml": "ci.yml.j2",
    "src/{package}/__init__.py": "package.py.j2",
    "tests/test_conformance.py": "test_conformance.py.j2",
    "tests/test_recipes.py": "test_recipes.py.j2",
}
"""Templates by the files that they become."""


@dataclass(frozen=True)
class PluginProject:
    """A project with a component for each of some interfaces.

    Attributes:
        names: what it is called.
        samples: the components with which it begins.
    """

    names: ProjectNames
    samples: tuple[Sample, ...]

    @classmethod
    def of(cls, names: ProjectNames, interfaces: Sequence[str]) -> "PluginProject":
        """The project for interfaces, given by their names in snake case.

        Raises:
            ObjcentricError: there is no such interface, or none is given.
        """
        chosen = list(dict.fromkeys(name.replace("-", "_").lower() for name in interfaces))
        for name in chosen:
            if name not in SAMPLES:
                raise ObjcentricError(
                    f"there is no interface {name!r}{did_you_mean(name, SAMPLES)}; "
                    f"there are: {', '.join(SAMPLES)}"
                )
        if not chosen:
            raise ObjcentricError(f"name at least one --interface; there are: {', '.join(SAMPLES)}")
        return cls(names, tuple(SAMPLES[name] for name in chosen))

    def write(self, folder: Path) -> list[Path]:
        """Writes all files into a new folder, and returns them.

        Raises:
            ObjcentricError: the folder exists, or cannot be written.
        """
        written = []
        try:
            folder.mkdir(parents=True)
            for path, text in self.files():
                file = folder / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
                written.append(file)
        except FileExistsError as error:
            raise ObjcentricError(f"{folder} exists already; --out names another one") from error
        except OSError as error:
            raise ObjcentricError(f"cannot write {error.filename}: {error.strerror}") from error
        return written

    def files(self) -> Iterator[tuple[str, str]]:
        """The project's files: relative paths and contents."""
        environment = Environment(
            loader=PackageLoader("objcentric.plugin_project"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        components = sorted(self.samples, key=lambda sample: sample.name)
        package = self.names.package
        imports = [f"from {package}.{sample.name} import {sample.title}" for sample in components]
        imports.append("from objcentric.testing import parametrize_with_checks")
        for path, template in TEMPLATES.items():
            text = environment.get_template(template).render(
                names=self.names,
                samples=self.samples,
                components=components,
                imports=sorted(imports),
                objcentric=__version__,
                interface=INTERFACE_VERSION,
            )
            yield path.format(package=package), text
        yield f"src/{package}/py.typed", ""
        for sample in self.samples:
            yield f"src/{package}/{sample.name}.py", sample.source
            yield f"src/{package}/recipes/{self.recipe_name(sample)}.yaml", self._recipe(sample)

    def recipe_name(self, sample: Sample) -> str:
        """The name of the recipe that uses a component."""
        return f"{self.names.plugin}-{sample.name}".replace("_", "-")

    def _recipe(self, sample: Sample) -> str:
        canonical = f"{self.names.plugin}.{sample.name}"
        head = f"name: {self.recipe_name(sample)}\n"
        what = f"{sample.extends} with" if sample.extends else "Digits, with"
        return f"{head}description: {what} {canonical}.\n{sample.recipe(canonical)}\n"
