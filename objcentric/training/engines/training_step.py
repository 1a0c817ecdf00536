"""One training step: the loss of a batch, and its sums for the epoch's figures (`TrainingStep`)."""

from collections.abc import Sequence

from jaxtyping import Float, Shaped
from torch import Tensor, nn

from objcentric.interfaces import Metric, SceneModel, Truth
from objcentric.progress import Progress


class TrainingStep(nn.Module):
    """A scene model's objective, and the figures of a training batch.

    Args:
        model: the model in training.
        metrics: metrics to compute on training batches, if they support it.
        progress: progress of training, on the device. Its tensors are refilled in place before each
            step, so that every step reads the same tensors.
    """

    def __init__(self, model: SceneModel, metrics: Sequence[Metric], progress: Progress) -> None:
        super().__init__()
        self.model = model
        self.metrics = {metric.key: metric for metric in metrics}
        self.progress = progress

    def forward(
        self,
        image: Float[Tensor, "B C H W"],
        **truth: Shaped[Tensor, "B ..."],
    ) -> tuple[Float[Tensor, ""], dict[str, Float[Tensor, ""]]]:
        """The loss, and detached sums over the batch by name of figure.

        It takes tensors and returns a tuple, which wrappers for precision and for several devices
        can handle.

        Args:
            image: intensities in [0, 1].
            truth: fields of `Truth`; only the figures use them, never the loss.
        """
        objective = self.model.objective(image, self.progress)
        known = Truth(**truth)  # type: ignore[arg-type]  # by name, as the engine passes them
        batch = image.shape[0]
        sums = {"loss": objective.loss.detach() * batch}
        sums |= {name: value.sum() for name, value in objective.terms.items()}
        for key, metric in self.metrics.items():
            values = metric.while_training(objective.presence, known)
            if values is not None:
                sums[key] = values.sum()
        own = {name: value * batch for name, value in objective.diagnostics.items()}
        return objective.loss, sums | own
