"""Engines, which run training steps."""
