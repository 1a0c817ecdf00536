"""What a model is worth on scenes that it has not learned from, by metrics that plugins bring."""
