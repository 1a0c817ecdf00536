"""The default scene model, which wires the interfaces together."""
