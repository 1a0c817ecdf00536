"""Adjusted Rand index against scikit-learn's."""

import pytest
import torch
from sklearn.metrics import adjusted_rand_score

from objcentric_metrics.ari import Ari, FgAri, adjusted_rand_index


@pytest.fixture
def segmented(judged):
    """A batch of segmentations, `(n, H, W)` or rows of pixels, 0 for the background."""

    def make(true, found, slots=3):
        true, found = (torch.as_tensor(s) for s in (true, found))
        if true.ndim == 2:
            true, found = true.unsqueeze(1), found.unsqueeze(1)
        masks = torch.nn.functional.one_hot(found, slots + 1).movedim(-1, 1).float()
        return judged(masks=masks, segmentation=true.to(torch.uint8))

    return make


@pytest.fixture
def random_scenes():
    """20 scenes; found segments agree with the true ones except on a share that grows from 0."""
    true = torch.randint(0, 4, (20, 7, 9))
    noise = torch.rand(20, 7, 9) < torch.linspace(0, 1, 20)[:, None, None]
    return true, torch.where(noise, torch.randint(0, 4, true.shape), (true + 1) % 4)


def reference(true, found, foreground):
    scores = []
    for t, f in zip(true.flatten(1), found.flatten(1), strict=True):
        kept = t > 0 if foreground else t >= 0
        scores.append(adjusted_rand_score(t[kept], f[kept]))
    return sum(scores) / len(scores)


@pytest.mark.parametrize(("metric", "foreground"), [(Ari(), False), (FgAri(), True)])
def test_figures_are_scikit_learns(segmented, figure_of, random_scenes, metric, foreground):
    true, found = random_scenes
    expected = reference(true, found, foreground)
    assert figure_of(metric, segmented(true, found)) == pytest.approx(expected, abs=1e-12)


def test_soft_masks_count_as_the_segments_of_their_largest_values(judged, figure_of):
    masks, true = torch.rand(6, 4, 5, 8).softmax(1), torch.randint(0, 3, (6, 5, 8))
    expected = reference(true, masks.argmax(1), foreground=True)
    batch = judged(masks=masks, segmentation=true.to(torch.uint8))
    assert figure_of(FgAri(), batch) == pytest.approx(expected, abs=1e-12)


def test_what_is_found_off_the_objects_does_not_matter_to_fg_ari(segmented, figure_of):
    batch = segmented([[0, 0, 1, 1, 2, 2]], [[3, 2, 1, 1, 2, 2]])
    assert figure_of(FgAri(), batch) == 1.0
    assert figure_of(Ari(), batch) < 1.0


def test_an_object_that_the_background_explains_has_a_segment_all_the_same(segmented, figure_of):
    assert figure_of(FgAri(), segmented([[0, 1, 1, 2, 2]], [[0, 0, 0, 2, 2]])) == 1.0


@pytest.mark.parametrize(("found", "score"), [([0, 2, 2, 2], 1.0), ([0, 2, 2, 1], 0.0)])
def test_a_single_object_is_all_or_nothing_as_in_scikit_learn(segmented, figure_of, found, score):
    assert adjusted_rand_score([1, 1, 1], found[1:]) == score
    assert figure_of(FgAri(), segmented([[0, 1, 1, 1]], [found])) == score


def test_images_without_objects_are_left_out_of_fg_ari(segmented, figure_of):
    true, found = [[0, 0, 0, 0], [0, 1, 1, 1]], [[0, 0, 1, 1], [0, 1, 1, 2]]
    assert figure_of(FgAri(), segmented(true, found)) == 0.0
    assert figure_of(FgAri(), segmented(true[:1], found[:1])) is None


def test_the_worst_there_is_is_minus_one_half(segmented, figure_of):
    batch = segmented([[1, 1, 2, 2]], [[1, 2, 1, 2]])
    assert figure_of(FgAri(), batch) == -0.5


def test_an_image_of_many_pixels_does_not_overflow():
    side = 2**14  # (2^28 pixels)^2 pairs, squared, are beyond 64 bits
    shared = torch.tensor([[[side**2 // 2, 0], [side**2 // 4, side**2 // 4]]])
    n, p = 2**10, 2**9  # as scikit-learn has it on a smaller image of the same shares
    true = torch.cat([torch.zeros(p), torch.ones(n - p)])
    found = torch.cat([torch.zeros(3 * n // 4), torch.ones(n // 4)])
    expected = adjusted_rand_score(true, found)
    assert adjusted_rand_index(shared).item() == pytest.approx(expected, abs=2e-3)
