"""Accuracy of a linear probe for the class of objects (`SlotClass`)."""

from collections.abc import Mapping

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.extras import needing
from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.boxes import pairwise_iou
from objcentric_metrics.greedy_matching import matched_slots
from objcentric_metrics.precision import at_least_single
from objcentric_metrics.truths import boxes_of, labels_of
from objcentric_metrics.windows import windows_of

NO_OBJECT = -1


class SlotClass(Metric):
    """Share of objects whose class a linear probe reads from their slot.

    The probe is a logistic regression on standardised slots. It is fitted to every other scene of
    those that are evaluated, and judged on the rest. Slots and objects are matched as for `BoxIou`.
    An object that is left without a slot counts as wrong.
    """

    truth = frozenset({"boxes", "labels"})
    abilities = frozenset({"presence", "boxes"})
    title = "classes by a linear probe"
    style = "percent"
    better = "higher"
    bounds = (0.0, 1.0)
    reference = "Alain & Bengio 2016, arXiv:1610.01644; scikit-learn, LogisticRegression"

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        labels, found = labels_of(judged.truth), windows_of(judged.inference)
        slot_of = matched_slots(
            pairwise_iou(found, boxes_of(judged.truth).to(found)),
            judged.inference.presence > 0.5,
            labels != NO_OBJECT,
        )
        index = rearrange(slot_of.clamp(min=0), "b m -> b m 1")
        slots = at_least_single(judged.inference.slots).take_along_dim(index, 1)
        return {"slots": slots, "found": slot_of >= 0, "labels": labels}

    def combine(self, total: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: torch.cat([total[name], value]) for name, value in batch.items()}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        slots, found, labels = total["slots"].double(), total["found"], total["labels"]
        judged = torch.zeros_like(found)
        judged[1::2] = True
        judged &= labels != NO_OBJECT
        if not judged.any():
            return None
        fitted = torch.zeros_like(found)
        fitted[::2] = found[::2]
        asked = judged & found
        if not slots[fitted | asked].isfinite().all():
            return float("nan")
        answers = _probed(slots[fitted], labels[fitted], slots[asked])
        return (answers == labels[asked]).sum().item() / judged.sum().item()


def _probed(
    slots: Float[Tensor, "N D"], labels: Int[Tensor, " N"], asked: Float[Tensor, "A D"]
) -> Int[Tensor, " A"]:
    """The classes of `asked`, by a probe that is fitted to `slots`; -1 if there are none."""
    with needing("scikit-learn", "sklearn", "the metric slot_class"):
        from sklearn.linear_model import LogisticRegression  # slow to import
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

    if not len(asked) or len(labels.unique()) < 2:
        return labels.new_full((len(asked),), int(labels[0]) if len(labels) else NO_OBJECT)
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    probe.fit(slots.numpy(), labels.numpy())
    return torch.from_numpy(probe.predict(asked.numpy()))
