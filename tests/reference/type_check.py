"""The run-time check of annotations that tests put on the whole package."""

from beartype import BeartypeConf, beartype

# Where a float is asked for an int will do, as it does for mypy.
check = beartype(conf=BeartypeConf(is_pep484_tower=True))
