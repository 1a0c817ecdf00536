"""One batch: its loss, and the sums that an epoch's figures are made of."""

from jaxtyping import Float, Int
from torch import Tensor, nn

from objcentric.model.wired_model import WiredModel
from objcentric.progress import Progress


class TrainingStep(nn.Module):
    """A scene model's objective as plain tensors.

    Numbers in, a tuple out: wrappers for precision and for several devices see through that.

    Args:
        model: what is trained.
    """

    def __init__(self, model: WiredModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        image: Float[Tensor, "B C H W"],
        counts: Int[Tensor, " B"],
        *,
        epoch: float,
        epochs: float,
        images: int,
    ) -> tuple[Float[Tensor, ""], dict[str, Float[Tensor, ""]]]:
        """The loss, and detached sums over the batch by the name of their figure.

        Args:
            image: intensities in [0, 1].
            counts: true numbers of objects, which only the count accuracy looks at.
            epoch: epochs done, fractional.
            epochs: epochs planned.
            images: images seen.
        """
        objective = self.model(image, Progress(epoch=epoch, epochs=epochs, images=images))
        batch = image.shape[0]
        sums = {
            "loss": objective.loss.detach() * batch,
            "nll": objective.nll.sum(),
            "presence_kl": objective.presence_kl.sum(),
            "where_kl": objective.where_kl.sum(),
            "what_kl": objective.what_kl.sum(),
            "count_accuracy": (objective.counts == counts).sum(),
        }
        own = {name: value * batch for name, value in objective.diagnostics.items()}
        return objective.loss, sums | own
