"""The checks, a file for each interface."""
