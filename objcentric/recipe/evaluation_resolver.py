"""Resolves a recipe's evaluation section into metrics and a goal (`EvaluationResolver`)."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, model_validator

from objcentric.interfaces import Metric
from objcentric.names import did_you_mean
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.component_resolver import ComponentResolver
from objcentric.recipe.evaluation_recipe import EvaluationRecipe, Goal
from objcentric.recipe.node import Node
from objcentric.recipe.problem import Problem, RecipeError
from objcentric.recipe.validation import Invalid, refuse_unknown, shown, validate

_PATH = "evaluation"


class GoalOptions(BaseModel):
    """A goal as recipes write it: a metric, and either a lower or an upper bound."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_direction(self) -> "GoalOptions":
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected either at_least or at_most (null unsets one of them)")
        return self

    def goal(self) -> Goal:
        """The goal, with its direction."""
        if self.at_most is not None:
            return Goal(self.metric, self.at_most, "at_most")
        assert self.at_least is not None
        return Goal(self.metric, self.at_least, "at_least")


class EvaluationResolver:
    """Reads the evaluation section.

    Args:
        components: resolves the metrics.
    """

    def __init__(self, components: ComponentResolver) -> None:
        self.components = components
        self.problems = components.problems

    def resolve(self, root: Node) -> EvaluationRecipe:
        """Reads the section of a recipe, or the defaults of an absent one; collects problems."""
        node = root.at(_PATH) or Node(root.mark, {})
        if not node.is_mapping:
            self._report(node, _PATH, f"expected metrics and a goal, got {shown(node)}")
            node = Node(node.mark, {})
        refuse_unknown(node, _PATH, ("metrics", "goal"), self.problems)
        metrics = node.at("metrics")
        automatic = metrics is None or metrics.value == "auto"
        before = len(self.problems)
        choices = self._customary(node) if automatic else self._listed(metrics)
        recipe = EvaluationRecipe(tuple(choices), automatic, None)
        if len(self.problems) > before:  # the goal cannot be checked
            return recipe
        try:
            built = recipe.build()
        except RecipeError as error:
            self.problems += error.problems
            return recipe
        self._refuse_twins(built, choices)
        goal = self._goal(node.at("goal"), built)
        return EvaluationRecipe(recipe.metrics, automatic, goal)

    def _customary(self, node: Node) -> list[ComponentChoice]:
        entries = self.components.registry.components(Metric)
        choices = [
            self.components.choose(entry, {}, node.mark, f"{_PATH}.metrics")
            for entry in entries
            if issubclass(kind := entry.load(), Metric) and kind.customary
        ]
        return [choice for choice in choices if choice is not None]

    def _listed(self, node: Node | None) -> list[ComponentChoice]:
        path = f"{_PATH}.metrics"
        if node is None or not isinstance(node.value, tuple):
            listed = "" if node is None else f", got {shown(node)}"
            self._report(node, path, f"expected `auto` or a list of metrics{listed}")
            return []
        choices = [
            self.components.resolve(item, f"{path}[{index}]", Metric)
            for index, item in enumerate(node.value)
        ]
        return [choice for choice in choices if choice is not None]

    def _refuse_twins(self, built: Sequence[Metric], choices: Sequence[ComponentChoice]) -> None:
        keys = [metric.key for metric in built]
        for index, (key, choice) in enumerate(zip(keys, choices, strict=True)):
            if key in keys[:index]:
                message = f"another metric of this recipe has the same key, {key!r}"
                self.problems.append(Problem(choice.mark, choice.path, message))

    def _goal(self, node: Node | None, metrics: Sequence[Metric]) -> Goal | None:
        if node is None:
            goals = (Goal.customary(metric) for metric in metrics)
            return next((goal for goal in goals if goal is not None), None)
        if node.value is None:
            return None
        options = validate(node, GoalOptions, f"{_PATH}.goal", self.problems)
        if options is Invalid:
            return None
        goal: Goal = options.goal()
        keys = [metric.key for metric in metrics]
        if goal.metric not in keys:
            near = did_you_mean(goal.metric, keys)
            self._report(
                node.at("metric"),
                f"{_PATH}.goal.metric",
                f"this recipe has no metric {goal.metric!r}{near}; "
                f"its metrics: {', '.join(keys) or 'none'}",
            )
        return goal

    def _report(self, node: Node | None, path: str, message: str) -> None:
        assert node is not None
        self.problems.append(Problem(node.mark, path, message))
