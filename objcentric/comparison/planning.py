"""Planning a comparison: the arms, all checked before any is trained (`make_plan`)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import get_args

from objcentric.comparison.arm import REFERENCE, Arm
from objcentric.comparison.change import Change, parse_swaps
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.plan import Plan
from objcentric.errors import ObjcentricError
from objcentric.interfaces import Split
from objcentric.mishaps import mishap
from objcentric.recipe import load
from objcentric.recipe.problem import Misfit, Problem, RecipeError
from objcentric.recipe.recipe import Recipe
from objcentric.registry import Registry
from objcentric.registry.plugin_error import describe
from objcentric.training.making import check_sizes

_SPLITS: tuple[Split, ...] = get_args(Split)


def make_plan(
    source: str,
    overrides: Sequence[str],
    swaps: Sequence[str],
    *,
    seeds: int,
    combine: bool,
    registry: Registry,
    against: Sequence[str] = (),
) -> Plan:
    """Plans a comparison.

    An arm stays in the plan as refused, with the reason, if its components do not fit together or
    one of them cannot be built.

    Args:
        source: a shipped recipe's name, or the path of a `.yaml` file.
        overrides: `KEY=VALUE`, applied to all arms.
        swaps: `KEY=VALUE,VALUE`.
        seeds: number of seeds, at least 1.
        combine: whether arms are all combinations of swaps, instead of one swap at a time.
        registry: where names are looked up.
        against: other recipes, by name or path; each is an arm, unchanged.

    Raises:
        ObjcentricError: the recipe itself cannot be trained, another recipe has a mistake, a swap
            has one (an unknown key or component, say), or no arm can be trained.
    """
    if any(override.partition("=")[0] == "seed" for override in overrides):
        raise ObjcentricError("--seeds N says which seeds every arm gets; leave seed=… out")
    alternatives = parse_swaps(swaps, registry.recipe_sections())
    planner = _Planner(source, overrides, registry)
    reference = planner.resolve(())
    judgement = planner.check(reference)
    if combine:
        rows = list(product(*alternatives))
    else:
        rows = [(), *((change,) for changes in alternatives for change in changes)]
    arms = list(planner.arms(rows, against))
    if all(arm.recipe is None for arm in arms):
        reasons = "".join(f"\n  {arm.name}: {arm.refusal}" for arm in arms)
        raise ObjcentricError(f"no arm can be trained:{reasons}")
    return Plan(source, overrides, swaps, against, combine, seeds, reference, arms, judgement)


class _Planner:
    def __init__(self, source: str, overrides: Sequence[str], registry: Registry) -> None:
        self.source = source
        self.overrides = overrides
        self.registry = registry

    def resolve(self, changes: Sequence[Change], source: str | None = None) -> Recipe:
        """The recipe, or the one of another `source`, with some parts swapped.

        A component is swapped before the parts inside it, because its swap resets its options.
        """
        outer_first = sorted(changes, key=lambda change: change.path.count("."))
        texts = [*self.overrides, *(change.override for change in outer_first)]
        return replace(load(source or self.source, texts, self.registry), seed=0)

    def check(self, recipe: Recipe) -> Judgement:
        """Refuses a recipe that cannot be trained, and makes the scenes that all runs then share.

        Returns:
            The recipe's own metrics and goal.

        Raises:
            ObjcentricError: there is no such device, there are no such scenes, or a component
                refuses its options.
        """
        source = recipe.build_source()
        check_sizes(recipe, source)
        scenes = {split: source.scenes(split) for split in _SPLITS}
        model = recipe.build_model(source.image_shape)
        return Judgement.of(recipe, model, scenes["validation"])

    def arms(self, rows: Sequence[tuple[Change, ...]], against: Sequence[str]) -> Iterator[Arm]:
        """One arm per set of changes and per other recipe; drops duplicates of earlier arms."""
        found = [
            (", ".join(change.label for change in changes) or REFERENCE, changes, recipe)
            for changes, recipe in self._recipes(rows).items()
        ]
        others = (self.resolve((), other) for other in against)
        found += [(recipe.name, (), recipe) for recipe in others]
        folders: set[str] = set()
        known: set[str] = set()
        for name, changes, candidate in found:
            refusal = self._refusal(candidate)
            recipe = None if refusal or isinstance(candidate, RecipeError) else candidate
            if recipe is not None:
                text = recipe.to_yaml()
                if text in known:
                    continue
                known.add(text)
            yield Arm(name, _folder(name, folders), changes, recipe, refusal)

    def _recipes(
        self, rows: Sequence[tuple[Change, ...]]
    ) -> dict[tuple[Change, ...], Recipe | RecipeError]:
        """Every arm's recipe, or why its components do not fit together.

        Raises:
            RecipeError: a change is a mistake: it is invalid alone and in every arm.
        """
        single = list(dict.fromkeys(change for changes in rows for change in changes))
        found: dict[tuple[Change, ...], Recipe | RecipeError] = {}
        for changes in (*rows, *((change,) for change in single)):
            try:
                found[changes] = self.resolve(changes)
            except RecipeError as error:
                found[changes] = error
        mistakes = [problem for change in single for problem in _mistakes(change, found)]
        if mistakes:
            raise RecipeError(list(dict.fromkeys(mistakes)))
        return {changes: found[changes] for changes in rows}

    def _refusal(self, found: Recipe | RecipeError) -> str:
        """Why an arm cannot be trained; empty if it can."""
        if isinstance(found, RecipeError):
            return _reasons(found)
        try:
            self.check(found)
        except RecipeError as error:
            return _reasons(error)
        except ObjcentricError as error:
            return str(error)
        except (MemoryError, RuntimeError) as error:
            return mishap(error) or describe(error)
        except (Exception, SystemExit) as error:  # a component's own bug refuses the arm, too
            return describe(error)
        return ""


def _reasons(error: RecipeError) -> str:
    """What is wrong, without the file: a part that does not fit is no mistake in a file."""
    return "; ".join(f"{problem.path}: {problem.message}" for problem in error.problems)


def _mistakes(
    change: Change, found: dict[tuple[Change, ...], Recipe | RecipeError]
) -> list[Problem]:
    """What is wrong with a change that is invalid everywhere; empty if it is valid somewhere."""
    outcomes = [outcome for changes, outcome in found.items() if change in changes]
    wrong = [
        [p for p in outcome.problems if not isinstance(p, Misfit)]
        for outcome in outcomes
        if isinstance(outcome, RecipeError)
    ]
    return wrong[0] if len(wrong) == len(outcomes) and all(wrong) else []


def _folder(label: str, taken: set[str]) -> str:
    """A unique folder name that is valid on every file system."""
    stem = re.sub(r"[^\w.,=+-]+", "-", label)[:120].strip("-.") or "arm"
    number, name = 1, stem
    while name.lower() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.lower())
    return name
