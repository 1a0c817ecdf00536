"""AIR's step network with a proposal head (`ProposalNetwork`)."""

from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Normal

from objcentric.blocks.normal_head import normal
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.step_network import StepNetwork
from objcentric.scene import SceneSpec


class ProposalNetwork(StepNetwork):
    """A step network whose outputs are the log-odds of presence and q(where).

    Args:
        scene: sizes of the scene.
        head: reads the outputs and initialises their layer.
        hidden: width of the layers and of the recurrent state.
        inputs: number of image features; None for all pixels.
    """

    def __init__(
        self, scene: SceneSpec, head: ProposalHead, hidden: int, inputs: int | None = None
    ) -> None:
        super().__init__(scene, head.size, hidden, inputs)
        self.head = head
        head.start(self.last)

    def propose(
        self,
        projection: Float[Tensor, "B hidden"],
        previous: Float[Tensor, "B latent"],
        hidden: Float[Tensor, "B hidden"],
    ) -> tuple[Float[Tensor, "B 1"], Normal, Float[Tensor, "B hidden"]]:
        """Log-odds of presence and q(where) of the next slot, `(B, 1, where_dim)`; the state."""
        outputs, hidden = self(projection, previous, hidden)
        logit, mean, log_var = self.head.read(rearrange(outputs, "b d -> b 1 d"))
        return logit, normal(mean, log_var), hidden
