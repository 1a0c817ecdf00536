"""A plugin in one file: an observer that ends the process whatever it is told."""

import sys

from objcentric import hookimpl


@hookimpl
def objcentric_run_started(run):
    sys.exit(0)


@hookimpl
def objcentric_run_evaluated(run):
    sys.exit(0)


@hookimpl
def objcentric_run_finished(run):
    sys.exit(0)
