"""A scene model that says what it is told, and metrics that say what they were asked."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

from objcentric.interfaces import Figure, Inference, Judged, Metric, Objective, SceneModel
from objcentric.progress import Progress


class ToldModel(SceneModel):
    """Finds as many objects as an image's first pixel says, of at most 2.

    Args:
        abilities: what it says that it can do.
    """

    def __init__(self, abilities: Collection[Any] = ()) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.able = frozenset(abilities)
        self.modes: list[bool] = []

    @property
    def abilities(self) -> frozenset[Any]:
        return self.able

    def objective(self, image: Tensor, progress: Progress) -> Objective:
        loss = (self.weight - image.mean()).square().sum()
        nll = image.flatten(1).sum(1).detach()
        return Objective(loss, {"nll": nll}, self._presence(image))

    def infer(self, image: Tensor) -> Inference:
        self.modes.append(self.training)
        presence = self._presence(image)
        masks = torch.zeros(len(image), 3, *image.shape[2:])
        masks[:, 0] = 1
        return Inference(presence, presence, torch.zeros(len(image), 2, 1), image, masks)

    def log_weights(self, image: Tensor, n: int) -> Tensor:
        return torch.rand(n, len(image))

    def _presence(self, image: Tensor) -> Tensor:
        found = (image[:, 0, 0, :1] * 255).round()
        return (torch.arange(2) < found).float()


class Brightness(Metric):
    """Mean intensity; needs to know nothing."""

    title = "brightness"
    better = "higher"

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        each = judged.image.double().mean((1, 2, 3))
        return {"sum": each.sum(), "scenes": each.new_tensor(len(each))}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return total["sum"].item() / total["scenes"].item()


class Counted(Brightness):
    """Share of the scenes whose objects are counted right."""

    truth = frozenset({"counts"})
    abilities = frozenset({"presence"})
    title = "counted right"
    style: ClassVar[Any] = "percent"

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        right = judged.inference.counts == judged.truth.counts
        return {"sum": right.double().sum(), "scenes": right.double().new_tensor(len(right))}


class Weighed(Brightness):
    """Mean of one log-weight an image."""

    abilities = frozenset({"density"})

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        each = judged.model.log_weights(judged.image, 1)[0]
        return {"sum": each.double().sum(), "scenes": torch.tensor(float(len(each)))}


class Every(Metric):
    """Every scene's count, in order: what is not added up but joined."""

    truth = frozenset({"counts"})
    style: ClassVar[Any] = "table"

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        return {"counts": judged.truth.counts}

    def combine(self, total: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
        return {"counts": torch.cat([total["counts"], batch["counts"]])}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return total["counts"].tolist()
