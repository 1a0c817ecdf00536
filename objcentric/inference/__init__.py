"""A trained run in use: from Python (`train`, `load`), and for the commands."""

from objcentric.inference.found import Found
from objcentric.inference.load import load
from objcentric.inference.train import train
from objcentric.inference.trained_model import TrainedModel
from objcentric.inference.trained_run import TrainedRun

__all__ = ["Found", "TrainedModel", "TrainedRun", "load", "train"]
