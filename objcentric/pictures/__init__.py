"""Pictures of what a model sees. matplotlib is imported here and nowhere else."""
