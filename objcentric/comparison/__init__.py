"""Comparisons: variants of one recipe, with some parts swapped and several seeds each."""
