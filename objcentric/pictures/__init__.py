"""Pictures of what a model sees. Nothing outside this package imports matplotlib."""
