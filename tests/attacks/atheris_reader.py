"""Lets atheris look for a text that breaks the reader of recipes; `test_any_recipe` runs it."""

import sys

import atheris

with atheris.instrument_imports(include=["objcentric.recipe", "ruamel.yaml"]):
    from objcentric.errors import ObjcentricError
    from objcentric.recipe.overriding import apply_overrides
    from objcentric.recipe.problem import Mark
    from objcentric.recipe.reading import read_text


def read(data: bytes) -> None:
    """Reads a text as a recipe and as an override; only errors of ours may come out."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(len(data))
    for act in (
        lambda: read_text(text, Mark("fuzzed.yaml", 1, 1), []),
        lambda: apply_overrides(read_text("{}", Mark("x"), []), [text], []),
    ):
        try:
            act()
        except ObjcentricError as error:
            if max(map(len, str(error).splitlines())) > 2000:
                raise ValueError("an endless line") from error


atheris.Setup(sys.argv, read)
atheris.Fuzz()
