"""Evaluation of a model on scenes that it was not trained on, by metrics that plugins bring."""
