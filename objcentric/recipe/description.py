"""Descriptions of all available components and their options (`Description`)."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, get_args, get_origin

from objcentric.component import Component, interface_of, snake_case
from objcentric.recipe.signature import REQUIRED, Option, Signature
from objcentric.registry import ComponentEntry, Registry

_PAPER = re.compile(r"arXiv:\d{4}\.\d{4,5}|10\.\d{4,}/[\w.()/-]+\w")


@dataclass(frozen=True)
class DescribedOption:
    """An option of a component.

    Attributes:
        name: as a recipe writes it.
        type: short form of its type.
        default: the default as a recipe writes it; None if a value is required.
    """

    name: str
    type: str
    default: str | None


@dataclass(frozen=True)
class Description:
    """A component, described for users who choose among components.

    Attributes:
        name: canonical name.
        interface: name of the interface, in snake case.
        summary: first sentence of the docstring.
        papers: arXiv numbers and DOIs in the docstring.
        needs: capabilities that the other components must offer.
        offers: capabilities that it offers.
        options: options that a recipe can set.
    """

    name: str
    interface: str
    summary: str
    papers: Sequence[str]
    needs: Sequence[str]
    offers: Sequence[str]
    options: Sequence[DescribedOption]

    @classmethod
    def of(cls, entry: ComponentEntry) -> "Description":
        """The description of a component that can be used."""
        component = entry.load()
        words = inspect.getdoc(component) or ""
        return cls(
            name=entry.canonical,
            interface=snake_case(interface_of(component).__name__),
            summary=_first_sentence(words),
            papers=list(dict.fromkeys(_PAPER.findall(words))),
            needs=sorted(component.needs),
            offers=sorted(component.offers),
            options=[_described(option) for option in Signature.of(component).options],
        )

    def plain(self) -> dict[str, Any]:
        """The description in JSON's own types."""
        return asdict(self)


def describe_components(registry: Registry) -> list[Description]:
    """Describes all components that a recipe can use, in order of canonical name."""
    found = []
    for entry in registry.components():
        try:
            found.append(Description.of(entry))
        except (TypeError, NameError):  # no recipe could call its constructor
            continue
    return found


def _first_sentence(words: str) -> str:
    """The first sentence of a docstring, without references in brackets."""
    paragraph = " ".join(words.split("\n\n")[0].split())
    plain = re.sub(r"\s*\([^()]*(?:\d{4}|arXiv)[^()]*\)", "", paragraph)
    return re.split(r"(?<=[.])\s", plain)[0].rstrip(":")


def _described(option: Option) -> DescribedOption:
    if option.interface is not None:
        kind = snake_case(option.interface.__name__)
        kind += " or null" if option.nullable else ""
        if isinstance(option.default, type) and issubclass(option.default, Component):
            return DescribedOption(option.name, kind, snake_case(option.default.__name__))
        default = None if option.default is REQUIRED else "null"
        return DescribedOption(option.name, kind, default)
    default = None if option.default is REQUIRED else _written(option.default)
    return DescribedOption(option.name, _type_name(option.annotation), default)


def _type_name(annotation: Any) -> str:
    """A type without pydantic's machinery: `float`, `int`, `tuple[int, ...]`, `mlp | conv`."""
    if get_origin(annotation) is Annotated:
        return _type_name(get_args(annotation)[0])
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation.__name__
    if get_args(annotation):
        names = [_type_name(part) if part is not ... else "..." for part in get_args(annotation)]
        origin = get_origin(annotation)
        if isinstance(origin, type) and origin in (tuple, list, dict):
            return f"{origin.__name__}[{', '.join(names)}]"
        return " | ".join(names)
    return "null" if annotation is type(None) else str(annotation)


def _written(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)
