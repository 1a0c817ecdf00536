"""The checks that components of all interfaces share."""
