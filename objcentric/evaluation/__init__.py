"""What a trained model is worth on scenes that it has not seen."""
