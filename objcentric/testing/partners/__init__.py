"""The smallest honest components: what the one that is being checked works with."""
