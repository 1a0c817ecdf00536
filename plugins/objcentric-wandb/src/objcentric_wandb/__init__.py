"""Reports of objcentric's runs to Weights & Biases, through the hooks that every plugin gets."""

from objcentric_wandb.observer import (
    objcentric_recipe_sections,
    objcentric_run_evaluated,
    objcentric_run_finished,
    objcentric_run_started,
)

__all__ = [
    "objcentric_recipe_sections",
    "objcentric_run_evaluated",
    "objcentric_run_finished",
    "objcentric_run_started",
]
