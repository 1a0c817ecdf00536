"""The engine that runs a step eagerly, operation by operation (`EagerEngine`)."""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.declared_shapes import check_first_calls
from objcentric.interfaces import Metric, SceneModel, Scenes
from objcentric.progress import Progress
from objcentric.recipe.options import TrainingOptions
from objcentric.training.engines.engine import Engine
from objcentric.training.engines.epoch_scenes import EpochScenes
from objcentric.training.engines.fabric import make_fabric
from objcentric.training.engines.training_step import TrainingStep
from objcentric.training.epoch_tally import EpochTally
from objcentric.training.optimizer import clip_gradients, make_optimizer, set_rates
from objcentric.training.rate_schedule import rate_factor


class EagerEngine(Engine):
    """Runs each step eagerly.

    Images, ground truth and progress live on the device; nothing in a step waits for it. If several
    processes train together, Fabric wraps the step in DDP, which averages the gradients over ranks.

    Args:
        model: a freshly initialised model, on the CPU.
        scenes: the training scenes; the loss uses only their images.
        metrics: metrics of the run; those that support it are also computed on training batches.
        options: the training options.
        rates: learning rates by component path, if they differ from `options.lr`.
        capturable: whether `run` reads all that differs between steps from the device.
        epoch_scenes: the training scenes of an engine that trains the same recipe, to share them.

    Raises:
        ObjcentricError: the device in the options does not exist.
    """

    def __init__(
        self,
        model: SceneModel,
        scenes: Scenes,
        metrics: Sequence[Metric],
        options: TrainingOptions,
        rates: Mapping[str, float],
        *,
        capturable: bool = False,
        epoch_scenes: EpochScenes | None = None,
    ) -> None:
        self.options = options
        self.fabric = make_fabric(options)
        self.device = self.fabric.device
        self.model = model.to(self.device, options.weights_dtype)
        channels, height, width = scenes.images.shape[1:]
        check_first_calls(self.model, (channels, height, width))
        self.optimizer = make_optimizer(self.model, options, rates, capturable=capturable)
        self._rates = [float(group["lr"]) for group in self.optimizer.param_groups]
        telling = [metric for metric in metrics if _speaks_while_training(metric)]
        self.progress = Progress.at(0.0, epochs=float(options.epochs), device=self.device)
        self.training_step = TrainingStep(self.model, telling, self.progress)
        self.wrapped, _ = self.fabric.setup(self.training_step, self.optimizer)
        self.scenes = epoch_scenes or EpochScenes(scenes, telling, self.device)
        self.dtype = options.weights_dtype
        self.tally = EpochTally()
        self._batch = torch.zeros(0, dtype=torch.int64, device=self.device)
        self._epoch = 0

    @property
    def plain(self) -> Engine:
        return self

    def begin_epoch(self, epoch: int, order: Int[Tensor, "steps batch"]) -> None:
        self._epoch = epoch
        self._steps = len(order)
        self.scenes.begin(epoch, order)
        self.batches = order.to(self.device)
        if len(self._batch) != order.shape[1]:
            self._batch = self.batches[0].clone()

    def batch(
        self, number: int
    ) -> tuple[Int[Tensor, " batch"], Float[Tensor, "batch channels height width"]]:
        batch = self.batches[number]
        return batch, self.image(batch)

    def step(self, number: int, images: int) -> None:
        self.place(number, images)
        self.run()
        self.tally.count(self.batch_size)

    @property
    def batch_size(self) -> int:
        """Images of a step."""
        return len(self._batch)

    def place(self, number: int, images: int) -> None:
        """Writes all that differs between steps to where `run` reads it; see `step`."""
        self._batch.copy_(self.batches[number])
        self.progress.epoch.fill_(self._epoch + number / self._steps)
        self.progress.images.fill_(images)
        set_rates(self.optimizer, self.rates_at(number))

    def run(self) -> None:
        """The step itself. It reads tensors that stay where they are, and waits for none."""
        truth = {name: values[self._batch] for name, values in self.scenes.truth.items()}
        loss, sums = self.wrapped(self.image(self._batch), **truth)
        self.optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        if self.options.clip_norm is not None:
            clip_gradients(self.optimizer, self.options.clip_norm)
        self.optimizer.step()
        self.tally.add(sums)

    def image(self, scenes: Int[Tensor, "*batch"]) -> Float[Tensor, "*batch channels height width"]:
        """The images of some scenes, in [0, 1]."""
        return self.scenes.images[scenes].to(self.dtype) / 255

    def rates_at(self, number: int) -> list[float]:
        """The learning rate of each group in a step, taken at the middle of the step."""
        options = self.options
        factor = rate_factor(
            self._epoch + (number + 0.5) / self._steps,
            epochs=options.epochs,
            warmup=options.warmup,
            decay=options.decay,
        )
        return [rate * factor for rate in self._rates]


def _speaks_while_training(metric: Metric) -> bool:
    return type(metric).while_training is not Metric.while_training
