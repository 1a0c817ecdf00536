"""Comparisons: one recipe, some of its parts swapped, every variant with several seeds."""
