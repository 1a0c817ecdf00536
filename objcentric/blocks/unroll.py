"""AIR's inference loop: attend, infer, repeat (`unroll`)."""

from typing import Protocol, TypeVar, runtime_checkable

from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution

from objcentric.blocks.step_network import as_previous
from objcentric.blocks.steps import Steps
from objcentric.drafts import Drafts
from objcentric.interfaces.perception import Perception
from objcentric.presence import OrderedPresence

State = TypeVar("State")


@runtime_checkable
class Recurrence(Protocol[State]):
    """A network that proposes one object after another, such as `ProposalNetwork`."""

    def project(self, image: Tensor) -> Tensor:
        """Features of the image, the same at every step."""

    def start(self, image: Tensor) -> tuple[Tensor, State]:
        """The previous object and the state for the first step."""

    def propose(
        self, projection: Tensor, previous: Tensor, state: State
    ) -> tuple[Tensor, Distribution, State]:
        """Log-odds of presence `(B, 1)` and q(where) `(B, 1, D)` of the next slot; its state."""


def unroll(
    network: Recurrence[State],
    image: Float[Tensor, "B C H W"],
    perception: Perception,
    slots: int,
) -> Drafts:
    """Proposes one object per step; each step sees the one before (Eslami et al. 2016, 2.1).

    A scheduler may need nothing else:

        def forward(self, image, perception):
            return unroll(self.network, image, perception, self.slots)
    """
    features = network.project(image)
    previous, state = network.start(image)
    steps = Steps()
    for _ in range(slots):
        logit, where_posterior, state = network.propose(features, previous, state)
        where = perception.choose(where_posterior)  # (B, 1, D)
        what = perception.look(image, where.sample)  # (B, 1, W)
        previous = as_previous(where.sample, what.sample)
        steps.add(logit, where, what)
    return steps.drafts(OrderedPresence, perception)
