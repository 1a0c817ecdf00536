"""`python -m objcentric`: the command line, of this very interpreter."""

from objcentric.cli.main import main

main()
