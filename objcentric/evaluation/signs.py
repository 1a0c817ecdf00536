"""Signs that a run is stuck, which need no truth: `NoObjects`, `AlwaysAll`, `SharedObjects` and
`OffCanvas`."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import torch
from einops import rearrange, reduce
from jaxtyping import Bool, Float
from torch import Tensor

from objcentric.component import snake_case
from objcentric.interfaces import Figure, Judged, Metric

BLANK = 1e-4
"""Variance of the intensities of an image up to which it counts as empty: a hundredth, squared."""

UNEXPLAINED = 0.5
"""Squared error, as a share of the image's variance, from which a scene counts as not explained."""

OWNED = 1e-3
"""Share of an image's pixels below which a present slot counts as idle."""

IDLE = 0.05
"""Share of present slots that are idle from which slots are present that explain nothing."""

PAIRS = 0.05
"""Pairs of present slots per scene from which their overlap says something."""


class Sign(Metric):
    """A figure that says that a run is stuck if it is large on validation scenes.

    A model without presence never shows one: all of its slots are present by construction.

    Attributes:
        threshold: the figure from which a sign is seen.
        meaning: what is seen, with `{figure}` for the figure in percent.
        advice: what usually helps.
    """

    abilities = frozenset({"presence"})
    style = "percent"
    bounds = (0.0, 1.0)
    threshold: ClassVar[float] = 0.5
    meaning: ClassVar[str]
    advice: ClassVar[str]

    @property
    def name(self) -> str:
        """The sign's name in `metrics.jsonl` and `summary.json`."""
        return snake_case(type(self).__name__)

    @property
    def key(self) -> str:
        """The name, in a form that no metric of a plugin has."""
        return f"signs.{self.name}"

    @abstractmethod
    def measure(self, judged: Judged) -> dict[str, Tensor]: ...

    def seen(self, figure: Figure) -> bool:
        """Whether a figure shows the sign."""
        return isinstance(figure, float) and figure >= self.threshold


class NoObjects(Sign):
    """Share of the scenes with something to see in which no slot is present and the background
    alone does not explain it."""

    threshold = 0.95
    meaning = "no object is found in {figure} of the scenes that are not empty"
    advice = (
        "objects cost more than they explain; make them cheap at first (prior annealed_geometric, "
        "enumerate's floor), or weigh errors more (a smaller likelihood.std)"
    )

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        variance = _variance(judged.image)
        error = (judged.image.float() - judged.inference.canvas.float()) ** 2
        missed = reduce(error, "b c h w -> b", "mean") > UNEXPLAINED * variance
        absent = ~_present(judged).any(-1)
        visible = variance > BLANK
        return {"missed": (visible & missed & absent).sum(), "visible": visible.sum()}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return _share(total["missed"], total["visible"])


class AlwaysAll(Sign):
    """Share of the scenes in which all slots are present; None if hardly any of them is idle.

    An idle slot is present and explains hardly a pixel more than any other slot and the background.
    Where every image really has as many objects as there are slots, none is idle.
    """

    threshold = 0.95
    meaning = "all slots are present in {figure} of the scenes, and some of them explain nothing"
    advice = (
        "objects cost too little; make them dear (a smaller prior.presence, or end of an annealed "
        "prior), or count the presence KL (objective.presence_kl, beta)"
    )

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        present = _present(judged)
        slots = torch.arange(1, present.shape[1] + 1, device=present.device)
        segments = rearrange(judged.inference.segmentation, "b h w -> b 1 (h w)")
        owned = (segments == rearrange(slots, "k -> k 1")).float().mean(-1)  # (B, K)
        idle = present & (owned < OWNED)
        return {
            "all": present.all(-1).sum(),
            "scenes": present.new_tensor(len(present), dtype=torch.long),
            "idle": idle.sum(),
            "present": present.sum(),
        }

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        idle = _share(total["idle"], total["present"])
        return _share(total["all"], total["scenes"]) if idle is not None and idle >= IDLE else None


class SharedObjects(Sign):
    """Share of the pairs of present slots whose windows have an IoU above 0.5; None if there are
    hardly any pairs."""

    abilities = frozenset({"presence", "boxes"})
    threshold = 0.5
    meaning = "the windows of present slots lie on each other in {figure} of the pairs"
    advice = (
        "several slots share one object; a scheduler that sees what is left (residual), a bound on "
        "where (where_log_var_bound), or a smaller presence prior"
    )

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        present, boxes = _present(judged), _boxes(judged)
        one, two = torch.triu_indices(
            present.shape[1], present.shape[1], offset=1, device=present.device
        )
        both = present[:, one] & present[:, two]  # (B, pairs)
        shared = _intersection(boxes[:, one], boxes[:, two])
        union = _area(boxes[:, one]) + _area(boxes[:, two]) - shared
        return {
            "overlapping": (both & (shared > 0.5 * union)).sum(),
            "pairs": both.sum(),
            "scenes": present.new_tensor(len(present), dtype=torch.long),
        }

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        enough = total["pairs"] >= PAIRS * total["scenes"]
        return _share(total["overlapping"], total["pairs"]) if enough else None


class OffCanvas(Sign):
    """Share of the windows of present slots that lie outside of the canvas by more than half.

    A window that is larger than the canvas has to cover half of the canvas.
    """

    abilities = frozenset({"presence", "boxes"})
    threshold = 0.5
    meaning = "{figure} of the windows of present slots lie off the canvas"
    advice = (
        "windows have run away from the objects; a glimpser that cannot leave the canvas "
        "(bounded), a lower training.lr, or a training.clip_norm"
    )

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        present, boxes = _present(judged), _boxes(judged)
        height, width = judged.image.shape[-2:]
        canvas = boxes.new_tensor([0, 0, width, height])
        possible = _area(boxes).clamp(max=height * width)
        off = present & (_intersection(boxes, canvas) < 0.5 * possible)
        return {"off": off.sum(), "present": present.sum()}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return _share(total["off"], total["present"])


SIGNS: tuple[Sign, ...] = (NoObjects(), AlwaysAll(), SharedObjects(), OffCanvas())


def _present(judged: Judged) -> Bool[Tensor, "B K"]:
    return judged.inference.presence > 0.5


def _boxes(judged: Judged) -> Float[Tensor, "B K 4"]:
    assert judged.inference.boxes is not None, "a model with the ability 'boxes' has boxes"
    return judged.inference.boxes.float()


def _variance(image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
    """The variance of the intensities over the pixels of an image, mean over channels."""
    return rearrange(image.float(), "b c h w -> b c (h w)").var(-1, unbiased=False).mean(-1)


def _intersection(one: Float[Tensor, "*#B 4"], two: Float[Tensor, "*#B 4"]) -> Float[Tensor, "*B"]:
    top_left = torch.maximum(one[..., :2], two[..., :2])
    bottom_right = torch.minimum(one[..., 2:], two[..., 2:])
    return (bottom_right - top_left).clamp(min=0).prod(-1)


def _area(boxes: Float[Tensor, "*B 4"]) -> Float[Tensor, "*B"]:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)


def _share(part: Tensor, whole: Tensor) -> float | None:
    """A quotient of totals; None if there is nothing to divide by."""
    return part.item() / whole.item() if whole else None
