"""How many objects a model finds, in words (`count_in_words`)."""

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import SceneModel
from objcentric.model.wired_model import WiredModel
from objcentric.play.played import Played
from objcentric.play.step_views import percent


def count_in_words(played: Played) -> str:
    """The number of objects, and its probability where the model's presence says so much."""
    number = len(played.present)
    if "presence" not in played.model.abilities:
        return f"{_objects(played.slots, 'slot')}: the model does not decide which hold an object"
    chance = count_probability(played.model, played.found.presence_probs[0], number)
    said = f"{_objects(number, 'object')} found"
    return said if chance is None else f"{said}, with a probability of {percent(chance)}"


def count_probability(model: SceneModel, present: Float[Tensor, " K"], number: int) -> float | None:
    """The probability that so many objects are there; None if it does not follow.

    In a unary code 1…1 0…0, the probability of n objects is P(slot n is present) - P(slot n+1 is
    present). Independent slots give a Poisson binomial distribution.

    Args:
        model: the model, which says of what kind its presence is.
        present: probability that each slot is present.
        number: n.
    """
    offers = model.scheduler.offers if isinstance(model, WiredModel) else frozenset()
    shares = present.double().cpu()
    if "ordered presence" in offers:
        bounds = torch.cat([shares.new_ones(1), shares, shares.new_zeros(1)])
        return float((bounds[number] - bounds[number + 1]).clamp(min=0))
    if "independent presence" in offers:
        chances = shares.new_zeros(len(shares) + 1)
        chances[0] = 1
        for share in shares:
            chances = chances * (1 - share) + share * chances.roll(1)
        return float(chances[number])
    return None


def _objects(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun if number == 1 else noun + 's'}".capitalize()
