"""Training: the loop, its run folder and its checkpoints."""
