"""`python -m objcentric`: the command line, run by this interpreter."""

from objcentric.cli.main import main

main()
