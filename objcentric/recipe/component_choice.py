"""A component of a recipe, ready to be built (`ComponentChoice`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from objcentric.component import Component
from objcentric.errors import ObjcentricError
from objcentric.mishaps import is_out_of_memory, out_of_memory
from objcentric.randomness import weights_seed
from objcentric.recipe.problem import Mark, Problem, RecipeError
from objcentric.recipe.signature import Sizes, sizes_for
from objcentric.registry.plugin_error import describe


class BrokenComponent(RuntimeError):
    """A constructor has a bug; the original error is the cause, and its traceback says where."""


@dataclass(frozen=True)
class ComponentChoice:
    """The component at one place of a recipe, and its options.

    Attributes:
        path: the place, for example `model.estimator.baseline`.
        canonical: the component's canonical name.
        component: its class.
        sizes: which sizes its constructor takes; see `Signature`.
        options: constructor arguments by name; a component among them is a `ComponentChoice`, too.
        written: the options as a recipe writes them.
        mark: where the recipe names the component.
        lr: the learning rate of its parameters; None if it has none of its own.
    """

    path: str
    canonical: str
    component: type[Component]
    sizes: Any
    options: Mapping[str, Any]
    written: Mapping[str, Any]
    mark: Mark = field(compare=False)
    lr: float | None = None

    def build(self, sizes: Sizes | None, seed: int) -> Component:
        """Calls the constructor.

        Initial weights depend only on the seed and the place, so swapping one component leaves the
        initial weights of all others unchanged. The global random state does not change either.

        Args:
            sizes: sizes of the scene or of an image; None if none are known.
            seed: the recipe's seed.

        Raises:
            RecipeError: the constructor refuses the options with a `ValueError`.
            BrokenComponent: the constructor fails in any other way.
        """
        options = {
            name: value.build(sizes, seed) if isinstance(value, ComponentChoice) else value
            for name, value in self.options.items()
        }
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(weights_seed(seed, self.path))
            try:
                return self.component(*sizes_for(self.sizes, sizes), **options)
            except ValueError as error:
                message = f"{self.canonical} refuses its options: {error}"
                raise RecipeError([Problem(self.mark, self.path, message)]) from error
            except (MemoryError, RuntimeError, TypeError, OverflowError) as error:
                if not is_out_of_memory(error):
                    raise self._broken(error) from error
                message = f"{self.canonical}: {out_of_memory(error)}"
                raise RecipeError([Problem(self.mark, self.path, message)]) from error
            except ObjcentricError:  # the user can fix it: missing data, say
                raise
            except Exception as error:
                raise self._broken(error) from error

    def _broken(self, error: Exception) -> BrokenComponent:
        return BrokenComponent(
            f"{self.canonical}, at {self.path}, cannot be built: its constructor has a bug "
            f"({describe(error)})"
        )

    def walk(self) -> Iterator["ComponentChoice"]:
        """This choice and all choices inside it."""
        yield self
        for value in self.options.values():
            if isinstance(value, ComponentChoice):
                yield from value.walk()

    def plain(self) -> dict[str, Any]:
        """The choice as a recipe writes it: canonical name, learning rate and every option."""
        rate = {} if self.lr is None else {"lr": self.lr}
        return {"use": self.canonical, **rate, **self.written}
