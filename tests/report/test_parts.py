"""What a report is made of: views of scenes, mistakes, samples, traversals, charts, figures."""

import base64
import io
import math
from dataclasses import replace

import pytest
import torch
from PIL import Image
from told_model import Brightness, ToldModel

from objcentric.interfaces import Metric, Scenes
from objcentric.pictures.snapshot import Snapshot
from objcentric.report.colors import line_color, line_dash, luminance, slot_color, slot_ink
from objcentric.report.figures import definitions, figure_rows, matrices
from objcentric.report.found import Found
from objcentric.report.images import data_uri
from objcentric.report.line_chart import LineChart, Series
from objcentric.report.mistakes import mistakes
from objcentric.report.samples import samples
from objcentric.report.scene_view import SceneView
from objcentric.report.stages import spread
from objcentric.report.trained import Material
from objcentric.report.traversals import traversals
from objcentric_metrics.counting import Confusion, CountAccuracy, SlotUsage

CPU = torch.device("cpu")


def pixels(uri):
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def found(**changes):
    """A scene of 8 x 6 pixels with a window at its right edge; a second slot is absent."""
    masks = torch.zeros(1, 3, 6, 8, dtype=torch.uint8)
    masks[:, 1, 2:4, 5:7] = 255
    masks[:, 0] = 255 - masks[:, 1]
    usual = Found(
        images=torch.arange(48, dtype=torch.uint8).reshape(1, 1, 6, 8),
        canvas=torch.full((1, 1, 6, 8), 200, dtype=torch.uint8),
        presence=torch.tensor([[True, False]]),
        masks=masks,
        probs=torch.tensor([[0.99999, 0.2]]),
        boxes=torch.tensor([[[4.5, 1.0, 9.0, 4.2], [0.0, 0.0, 1.0, 1.0]]]),
        counts=torch.tensor([2]),
        decides=True,
    )
    return replace(usual, **changes)


def view(**changes):
    return SceneView.of(found(**changes), 0, "scene", objects=True)


# Images and scenes


@pytest.mark.parametrize(
    ("channels", "mode"), [(1, "L"), (2, "RGBA"), (3, "RGB"), (4, "RGBA"), (5, "L")]
)
def test_an_image_keeps_its_pixels(channels, mode):
    image = torch.randint(0, 256, (channels, 3, 5), dtype=torch.uint8)
    read = pixels(data_uri(image))
    assert (read.size, read.mode) == ((5, 3), mode)
    first = read.getpixel((4, 2))
    assert (first if isinstance(first, int) else first[0]) == image[0, 2, 4]


def test_an_object_is_drawn_in_the_part_of_its_window_that_lies_on_the_canvas():
    (each,) = view().objects
    drawn = pixels(each.drawn)
    assert drawn.size == (4, 4)  # x from 4 to 8, y from 1 to 5
    assert drawn.getpixel((1, 1)) == (200, 200, 200, 255)
    assert drawn.getpixel((0, 0)) == (200, 200, 200, 0)
    assert pixels(each.seen).getpixel((0, 0)) == 8 + 4
    assert pixels(each.mask).size == (8, 6)


def test_a_window_off_the_canvas_still_has_a_pixel():
    far = torch.tensor([[[20.0, 20.0, 30.0, 30.0], [0.0, 0.0, 1.0, 1.0]]])
    assert pixels(view(boxes=far).objects[0].drawn).size == (1, 1)
    lost = torch.full((1, 2, 4), math.nan)
    assert pixels(view(boxes=lost, presence=torch.tensor([[True, False]])).objects[0].drawn).size


def test_presence_is_never_rounded_to_certainty():
    shown = view()
    assert shown.objects[0].facts == ("step 1 of 2", "presence > 99.9%", "x 4…9, y 1…4")
    assert shown.absent == ("step 2 (20.0%)",)


def test_a_count_says_whether_it_is_right_only_if_that_is_known():
    assert (view().count, view().is_wrong) == ("1 found ✗ 2 there", True)
    assert view(counts=torch.tensor([1])).count == "1 found ✓"
    assert view(counts=None).count == "1 found"
    assert view(counts=None, decides=False).count == ""


def test_a_scene_without_windows_has_slots_and_no_places():
    shown = view(boxes=None, probs=None)
    assert shown.objects[0].facts == ("slot 1 of 2",)
    assert shown.objects[0].seen == ""
    assert pixels(shown.objects[0].drawn).size == (8, 6)
    assert shown.alt == "Scene with segments: slot 1"


def test_a_segment_has_the_colour_of_its_slot_and_the_background_none():
    tint = pixels(view().segments)
    assert tint.getpixel((5, 2))[:3] == tuple(bytes.fromhex(slot_color(0)[1:]))
    assert tint.getpixel((0, 0))[3] == 0


def test_a_number_is_written_inside_its_segment():
    assert view().objects[0].center == (5.5, 2.5)
    assert view(masks=torch.zeros(1, 3, 6, 8, dtype=torch.uint8)).objects[0].center is None


def test_a_snapshot_s_segments_are_its_masks():
    segments = torch.tensor([[[0, 1], [2, 0]]], dtype=torch.uint8)
    image = torch.zeros(1, 1, 2, 2, dtype=torch.uint8)
    stored = Found.stored(Snapshot(image, torch.tensor([[True, True]]), image, segments))
    assert (stored.masks.sum(1) == 255).all()
    assert stored.masks.argmax(1).equal(segments.long())


def test_numbers_are_readable_on_every_colour_of_a_slot():
    for slot in range(8):
        light, dark = sorted((luminance(slot_color(slot)), luminance(slot_ink(slot))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 4.5


def test_no_two_of_the_first_lines_look_alike():
    assert len({(line_color(n), line_dash(n)) for n in range(30)}) == 30


# Mistakes


def told(counts, seen, abilities=("presence",)):
    """A model that sees `seen` objects in scenes of `counts`."""
    images = torch.zeros(len(seen), 1, 4, 4, dtype=torch.uint8)
    images[:, 0, 0, 0] = torch.tensor(seen)
    known = None if counts is None else torch.tensor(counts)
    return Material(ToldModel(abilities), Scenes(images=images, sha256="", counts=known), CPU)


def test_scenes_that_are_counted_wrong_come_first():
    worst = mistakes(told([1, 2, 0, 1], [1, 1, 0, 2]), CountAccuracy())
    assert {scene.is_wrong for scene in worst.scenes[:2]} == {True}
    assert {scene.is_wrong for scene in worst.scenes[2:]} == {False}
    assert "Of the first 4 validation scenes, 2 fall short in count accuracy." in worst.intro


def test_without_mistakes_the_page_says_so():
    worst = mistakes(told([1, 2], [1, 2]), CountAccuracy())
    assert "none falls short in count accuracy" in worst.intro


def test_without_truth_the_reconstruction_decides():
    worst = mistakes(told(None, [1, 2]), CountAccuracy())
    assert "largest squared error" in worst.intro
    assert worst.scenes[0].remark == "squared error 0.0000"


def test_the_smallest_figure_is_the_worst_if_higher_is_better():
    worst = mistakes(told(None, [200, 0, 100]), Brightness())
    remarks = [scene.remark for scene in worst.scenes]
    assert [remark.split(",")[0] for remark in remarks] == [
        "brightness 0.000",
        "brightness 0.025",
        "brightness 0.049",
    ]


# Samples and traversals


def test_samples_that_show_something_come_first_and_the_others_are_counted():
    class Rare(ToldModel):
        drawn = 0

        def generate(self, n):
            scenes = torch.zeros(n, 1, 4, 4)
            scenes[-1, 0, 0, 0] = 1.0
            return scenes

    rare = samples(Rare(["generate"]))
    assert (rare.drawn, rare.blank) == (256, 252)
    assert [pixels(image).getextrema()[1] for image in rare.images] == [255] * 4 + [0] * 12
    assert samples(ToldModel()) is None


def test_coordinates_that_change_the_canvas_most_come_first():
    class Sums(ToldModel):
        """Draws a pixel as bright as a weighted sum of its slot's coordinates."""

        def infer(self, image):
            inference = super().infer(image)
            spread = torch.linspace(-1, 1, len(image)).reshape(-1, 1, 1)
            slots = 0.1 * spread.expand(-1, 2, 3) * torch.tensor([1.0, 3.0, 0.0])
            canvas = self.redraw(image, replace(inference, slots=slots))
            return replace(inference, slots=slots, canvas=canvas)

        def redraw(self, image, inference):
            value = 0.5 + inference.slots[:, :1, :2].sum(-1)
            return value.reshape(-1, 1, 1, 1).expand(-1, 1, 4, 4)

    material = told(None, [1, 1, 2, 1], ("presence", "redraw"))
    walk = traversals(replace(material, model=Sums(["presence", "redraw"])))
    assert [row.name for row in walk.rows] == [
        "coordinate 2",
        "coordinate 1",
    ]  # and never the third
    values = [pixels(canvas).getpixel((0, 0)) for canvas in walk.rows[0].canvases]
    assert values == sorted(values)
    assert values[0] < values[-1]
    assert walk.size == 3


def test_a_model_that_cannot_redraw_gets_no_traversals():
    assert traversals(told(None, [1, 2])) is None


def test_a_model_that_redraws_something_else_gets_no_traversals():
    class Wrong(ToldModel):
        def redraw(self, image, inference):
            return image + 0.5

    material = told(None, [1, 1], ("presence", "redraw"))
    assert traversals(replace(material, model=Wrong(["presence", "redraw"]))) is None


# Charts and figures


def test_a_chart_puts_points_where_they_belong():
    chart = LineChart.of(
        "f", [Series("a", [(1, 0.0), (3, 1.0)], 0)], x_label="epoch", show=str, bounds=(0, 1)
    )
    first, last = chart.lines[0].marks
    assert (first.x, last.x) == (chart.left, chart.right)
    assert (first.y, last.y) == (chart.bottom, chart.top)
    assert [tick.text for tick in chart.x_ticks] == ["1", "2", "3"]
    assert chart.summary == "a from 0.0 to 1.0"


@pytest.mark.parametrize("points", [[(1, 5.0)], [(1, 0.0), (2, 0.0)], [(1, -1e9), (2, 1e9)]])
def test_a_chart_of_one_value_or_a_wide_range_has_ticks(points):
    chart = LineChart.of("f", [Series("a", points, 0)], x_label="epoch", show=str)
    assert 1 <= len(chart.y_ticks) <= 7
    assert all(chart.top <= tick.at <= chart.bottom for tick in chart.y_ticks)


def test_there_is_no_chart_of_nothing():
    assert LineChart.of("f", [Series("a", [], 0)], x_label="epoch", show=str) is None


def test_the_headline_is_the_first_figure_and_matrices_are_none():
    metrics = [SlotUsage(), Confusion(), CountAccuracy()]
    figures = {"slot_usage": [0.5, 0.25], "confusion": [[3, 1], [0, 4]], "count_accuracy": 0.875}
    rows = figure_rows(metrics, figures, {}, metrics[2])
    assert [row.key for row in rows] == ["count_accuracy", "slot_usage"]
    assert (rows[0].validation, rows[0].test) == ("87.50%", "–")
    (matrix,) = matrices(metrics, figures, "validation")
    assert [[cell.text for cell in row] for row in matrix.rows] == [["3", "1"], ["0", "4"]]
    assert [[cell.is_right for cell in row] for row in matrix.rows] == [
        [True, False],
        [False, True],
    ]
    assert matrix.rows[0][0].share == 0.75


def test_a_definition_is_the_docstring_up_to_its_sections():
    class Depth(Metric):
        """Mean depth.

        In metres.

        Attributes:
            nothing: of interest.
        """

        title = "depth"
        bounds = (0.0, math.inf)

        def measure(self, judged): ...
        def figure(self, total): ...

    (defined,) = definitions([Depth()])
    assert defined.text == ("Mean depth.", "In metres.")
    assert defined.range == "[0, ∞)"


def test_epochs_are_spread_and_the_first_and_the_last_are_kept():
    assert spread([1, 2, 5, 10, 20, 50], 3) == [1, 10, 50]
    assert spread([1, 2], 5) == [1, 2]
