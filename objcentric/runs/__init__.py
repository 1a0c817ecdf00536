"""Runs: the folder of a training, its checkpoints and figures, and the observers of its events."""
