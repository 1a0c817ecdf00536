"""Small components that work, as partners of the component that is being checked."""
