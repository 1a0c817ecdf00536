"""Figures and found objects in wandb's own types (`figures`, `found`)."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from einops import rearrange
from jaxtyping import UInt8
from torch import Tensor

if TYPE_CHECKING:
    from objcentric.pictures.snapshot import Snapshot

COLUMNS = ["scene", "slot", "object", "presence", "x0", "y0", "x1", "y1", "pixels", "found", "true"]
"""Columns of the table of objects; windows are in pixels."""

MATRIX = "confusion"
"""The figure that is a confusion matrix: scenes by true and by found count."""


def figures(wandb: Any, metrics: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of an epoch, by split and name; the confusion matrix as wandb draws one."""
    logged: dict[str, Any] = dict(numbers(metrics))
    for split, values in metrics.items():
        matrix = values.get(MATRIX) if isinstance(values, Mapping) else None
        if matrix:
            logged[f"{split}/{MATRIX}"] = _matrix(wandb, matrix, split)
            logged[f"{split}/found_objects"] = _counts(
                wandb, [sum(c) for c in zip(*matrix, strict=True)]
            )
    return logged


def numbers(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """The numbers in nested figures, by path: `test/elbo`, `test/slot_usage/1`."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from numbers(value, f"{path}{name}/")
        elif isinstance(value, list) and name != MATRIX:
            places = {str(index): item for index, item in enumerate(value, start=1)}
            yield from numbers(places, f"{path}{name}/")
        elif isinstance(value, (int, float)):
            yield f"{path}{name}", value


def found(wandb: Any, snapshot: "Snapshot") -> dict[str, Any]:
    """What was found in some scenes: boxes and masks on them, a table of objects, presence."""
    scenes = range(len(snapshot.images))
    logged = {
        "scenes/found": [_scene(wandb, snapshot, scene) for scene in scenes],
        "scenes/reconstruction": [wandb.Image(_picture(each)) for each in snapshot.canvas],
        "scenes/objects": wandb.Table(
            columns=COLUMNS,
            data=[
                _object(wandb, snapshot, scene, slot)
                for scene, slot in snapshot.presence.nonzero().tolist()
            ],
        ),
    }
    if snapshot.probs is not None:
        logged["scenes/presence"] = wandb.Histogram(snapshot.probs.flatten().tolist(), num_bins=20)
    return logged


def _scene(wandb: Any, snapshot: "Snapshot", scene: int) -> Any:
    """A scene with windows and segments that can be switched on and off."""
    names = {0: "background"}
    names |= {slot + 1: f"slot {slot + 1}" for slot in range(snapshot.presence.shape[1])}
    segments = snapshot.segments[scene].numpy()
    masks = {"segments": {"mask_data": segments, "class_labels": names}}
    boxes = None
    if snapshot.boxes is not None:
        slots = snapshot.presence[scene].nonzero().flatten().tolist()
        box_data = [_box(snapshot, scene, slot) for slot in slots]
        boxes = {"windows": {"box_data": box_data, "class_labels": names}}
    caption = f"found {int(snapshot.presence[scene].sum())}"
    if snapshot.counts is not None:
        caption += f" of {int(snapshot.counts[scene])}"
    return wandb.Image(_picture(snapshot.images[scene]), boxes=boxes, masks=masks, caption=caption)


def _box(snapshot: "Snapshot", scene: int, slot: int) -> dict[str, Any]:
    """A window, as far as it lies on the canvas."""
    assert snapshot.boxes is not None
    height, width = snapshot.images.shape[-2:]
    x0, y0, x1, y1 = snapshot.boxes[scene, slot].tolist()
    box: dict[str, Any] = {
        "position": {
            "minX": _within(x0, width),
            "maxX": _within(x1, width),
            "minY": _within(y0, height),
            "maxY": _within(y1, height),
        },
        "domain": "pixel",
        "class_id": slot + 1,
        "box_caption": f"slot {slot + 1}",
    }
    if snapshot.probs is not None:
        box["scores"] = {"presence": float(snapshot.probs[scene, slot])}
    return box


def _object(wandb: Any, snapshot: "Snapshot", scene: int, slot: int) -> list[Any]:
    """A row of the table: `COLUMNS`."""
    mine = snapshot.segments[scene] == slot + 1
    shown = snapshot.canvas[scene].masked_fill(~mine, 128)  # gray where it explains nothing
    box: list[float | None] = [None] * 4
    if snapshot.boxes is not None:
        box = list(snapshot.boxes[scene, slot].tolist())
    return [
        scene + 1,
        slot + 1,
        wandb.Image(_picture(shown)),
        None if snapshot.probs is None else float(snapshot.probs[scene, slot]),
        *box,
        int(mine.sum()),
        int(snapshot.presence[scene].sum()),
        None if snapshot.counts is None else int(snapshot.counts[scene]),
    ]


def _matrix(wandb: Any, matrix: list[list[int]], split: str) -> Any:
    cells = [
        [str(true), str(found), scenes]
        for true, row in enumerate(matrix)
        for found, scenes in enumerate(row)
    ]
    columns = ["Actual", "Predicted", "nPredictions"]
    return wandb.plot_table(
        vega_spec_name="wandb/confusion_matrix/v1",
        data_table=wandb.Table(columns=columns, data=cells),
        fields={name: name for name in columns},
        string_fields={"title": f"{split} scenes by true and found count"},
    )


def _counts(wandb: Any, scenes: list[int]) -> Any:
    """A histogram of how many objects were found: one bin per number."""
    edges = [number - 0.5 for number in range(len(scenes) + 1)]
    return wandb.Histogram(np_histogram=(scenes, edges))


def _picture(image: UInt8[Tensor, "C H W"]) -> Any:
    """An image that wandb keeps to the bit; of arrays it may stretch the intensities."""
    from PIL import Image

    if image.shape[0] == 1:
        return Image.fromarray(image[0].numpy())
    return Image.fromarray(rearrange(image, "c h w -> h w c").contiguous().numpy())


def _within(place: float, size: int) -> float:
    return min(max(place, 0.0), float(size))
