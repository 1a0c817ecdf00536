"""Runs: the folder of a training, its checkpoints, its figures, and who is told about it."""
