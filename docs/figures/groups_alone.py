"""What groups of like colour find before any training (docs/results/colored-shapes.md).

    python docs/figures/groups_alone.py RECIPE [KEY=VALUE …]

RECIPE has the scheduler `color_groups`. The script parts validation scenes into groups and prints
how often there are as many groups above 20 pixels as shapes of which more than 20 pixels are
visible, and the FG-ARI if each pixel belongs to the group with its largest share.
"""

import sys

import torch

from objcentric.blocks.expected_window import expected_window
from objcentric.evaluation.evaluate import unit_images
from objcentric.recipe import load
from objcentric_metrics.ari import adjusted_rand_index

SCENES, VISIBLE = 400, 20


@torch.no_grad()
def main() -> None:
    """Prints both figures, in percent."""
    recipe = load(sys.argv[1], sys.argv[2:])
    scenes = recipe.build_source().scenes("validation")
    truth = scenes.segmentation[:SCENES].long()  # 0 is the background
    model = recipe.build_model(tuple(scenes.images.shape[1:])).eval()
    image = unit_images(scenes.images[:SCENES], model, torch.device("cpu"))
    behind = model.compositor.behind(image)
    window = expected_window(model.scheduler.scene.where, image, model.perception.glimpser)
    groups = model.scheduler.groups(image if behind is None else image - behind, window)

    objects = int(truth.max())
    visible = torch.stack([(truth == k + 1).sum((1, 2)) for k in range(objects)], 1)
    large = (groups.shares.sum((2, 3)) > VISIBLE).sum(1)
    agree = (large == (visible > VISIBLE).sum(1)).double().mean()

    best, owner = groups.shares.max(1)
    found = torch.where(best > 0.05, owner + 1, 0)
    shared = torch.stack(
        [
            torch.stack(
                [((truth == k + 1) & (found == g)).sum((1, 2)) for g in range(found.max() + 1)], 1
            )
            for k in range(objects)
        ],
        1,
    )
    some = truth.flatten(1).any(1)
    index = adjusted_rand_index(shared)[some].double().mean()
    print(f"{recipe.name}: counts {100 * agree:.2f}, FG-ARI {100 * index:.2f}")


if __name__ == "__main__":
    main()
