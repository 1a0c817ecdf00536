"""One batch: its loss, and the sums that an epoch's figures are made of."""

from collections.abc import Sequence

from jaxtyping import Float, Shaped
from torch import Tensor, nn

from objcentric.interfaces import Metric, SceneModel, Truth
from objcentric.progress import Progress


class TrainingStep(nn.Module):
    """A scene model's objective, and the figures of a training batch.

    Args:
        model: what is trained.
        metrics: those that say something while training are tallied.
        progress: how far training has come, on the device; its tensors are filled anew before each
            step, so that a step always reads the same ones.
    """

    def __init__(self, model: SceneModel, metrics: Sequence[Metric], progress: Progress) -> None:
        super().__init__()
        self.model = model
        self.metrics = metrics
        self.progress = progress

    def forward(
        self,
        image: Float[Tensor, "B C H W"],
        **truth: Shaped[Tensor, "B ..."],
    ) -> tuple[Float[Tensor, ""], dict[str, Float[Tensor, ""]]]:
        """The loss, and detached sums over the batch by the name of their figure.

        Tensors in, a tuple out: wrappers for precision and for several devices see through that.

        Args:
            image: intensities in [0, 1].
            truth: fields of `Truth`; only figures look at them, never the loss.
        """
        objective = self.model(image, self.progress)
        known = Truth(**truth)  # type: ignore[arg-type]  # by name, as the engine passes them
        batch = image.shape[0]
        sums = {"loss": objective.loss.detach() * batch}
        sums |= {name: value.sum() for name, value in objective.terms.items()}
        for metric in self.metrics:
            values = metric.while_training(objective.presence, known)
            if values is not None:
                sums[metric.key] = values.sum()
        own = {name: value * batch for name, value in objective.diagnostics.items()}
        return objective.loss, sums | own
