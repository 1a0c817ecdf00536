"""A prior that is given by how probable each number of objects is."""

from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec


class CountPrior(Prior):
    """A fixed distribution of the number of objects.

    Args:
        scene: sizes of the scene.
        log_probs: log-probabilities of 0…K objects, up to a constant.
    """

    needs = frozenset({"ordered presence"})

    logits: Tensor

    def __init__(self, scene: SceneSpec, log_probs: Float[Tensor, " counts"]) -> None:
        super().__init__(scene)
        logits = OrderedPresence.from_counts(log_probs.double()).logits
        # Not part of the state: it follows from the recipe.
        self.register_buffer("logits", logits.to(self.where_loc.dtype), persistent=False)

    def presence(self, progress: Progress) -> OrderedPresence:
        return OrderedPresence(self.logits, validate_args=False)
