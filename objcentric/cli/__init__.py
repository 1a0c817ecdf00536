"""The command line; every command in a file of its own."""
