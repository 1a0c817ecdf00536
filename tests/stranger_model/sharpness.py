"""A stranger's metric, in one file: how much of an image's edges its reconstruction keeps."""

from objcentric.interfaces import Metric


class Sharpness(Metric):
    """Mean absolute difference of neighbouring pixels of the canvas, of that of the image."""

    title = "sharpness"
    better = "higher"
    digits = 4

    def measure(self, judged):
        return {"canvas": edges(judged.inference.canvas), "image": edges(judged.image)}

    def figure(self, total):
        return total["canvas"].item() / total["image"].item()


def edges(image):
    return image.diff(dim=-1).abs().double().sum() + image.diff(dim=-2).abs().double().sum()
