"""Training: the loop over epochs, the engines that run its steps, and what it reports."""
