import torch

from objcentric.scene import RequestedScene
from objcentric_glimpsers.whole_image import WholeImage

SQUARE = RequestedScene(image_shape=(2, 12, 12), objects=3, what_dim=5, glimpse=12)


def nowhere(batch: int = 4, slots: int = 3) -> torch.Tensor:
    return torch.zeros(batch, slots, 0)


def test_where_has_no_coordinates(scene):
    assert WholeImage(scene).where.dim == 0


def test_where_the_sizes_agree_reading_and_writing_change_nothing():
    glimpser, image = WholeImage(SQUARE), torch.rand(4, 2, 12, 12)
    glimpses = glimpser.read(image, nowhere())
    assert glimpses.shape == (4, 3, 2, 12, 12)
    assert all(torch.equal(glimpse, image) for glimpse in glimpses.unbind(1))
    patches = torch.rand(4, 3, 1, 12, 12)
    assert torch.equal(glimpser.write(patches, nowhere()), patches)


def test_where_they_differ_a_linear_image_is_resized_to_the_patch(scene):
    column = (torch.arange(40.0) + 0.5) / 40  # 0 at the left border, 1 at the right one
    glimpses = WholeImage(scene).read(column.expand(4, 2, 30, 40), nowhere())
    expected = (torch.arange(12.0) + 0.5) / 12
    torch.testing.assert_close(glimpses, expected.expand(4, 3, 2, 12, 12))


def test_a_patch_is_resized_to_the_canvas_slot_by_slot(scene):
    patches = torch.rand(4, 3, 1, 1, 1).expand(4, 3, 1, 12, 12)
    layers = WholeImage(scene).write(patches, nowhere())
    torch.testing.assert_close(layers, patches[..., :1, :1].expand(4, 3, 1, 30, 40))


def test_the_box_of_every_slot_is_the_canvas(scene):
    boxes = WholeImage(scene).boxes(nowhere())
    assert torch.equal(boxes, torch.tensor([0.0, 0.0, 40.0, 30.0]).expand(4, 3, 4))
