"""The default scene model: the interfaces, wired."""
