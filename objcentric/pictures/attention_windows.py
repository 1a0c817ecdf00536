"""A picture of scenes, the windows found in them, and reconstructions (`attention_windows`)."""

from pathlib import Path

from objcentric.pictures import style
from objcentric.pictures.snapshot import Snapshot


def attention_windows(snapshot: Snapshot, path: Path, *, title: str) -> Path:
    """Draws scenes, the windows of the objects found in them, and reconstructions.

    Each column is one scene.

    Args:
        snapshot: the scenes and what the model found in them.
        path: the PNG to write.
        title: title of the picture.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure

    scenes = len(snapshot.images)
    figure = Figure(figsize=(style.CELL * scenes + 0.5, style.CELL * 3 + 1.2))
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=0.4 / width,
        right=1 - 0.1 / width,
        top=1 - 0.4 / height,
        bottom=0.4 / height,
        wspace=0.05,
        hspace=0.16,
    )
    axes = figure.subplots(3, scenes, squeeze=False)
    for scene in range(scenes):
        style.draw_image(axes[0, scene], snapshot.images[scene])
        style.draw_found(axes[1, scene], snapshot, scene)
        style.write_count(axes[1, scene], snapshot, scene)
        style.draw_image(axes[2, scene], snapshot.canvas[scene])
    for row, label in zip(
        axes[:, 0], ("scene", style.found_title(snapshot), "reconstruction"), strict=True
    ):
        row.set_ylabel(label, color=style.INK, fontsize=9)
    figure.suptitle(title, color=style.INK, fontsize=11)
    style.add_legend(figure, snapshot)
    return style.save_figure(figure, path)
