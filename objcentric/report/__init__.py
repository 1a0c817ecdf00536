"""One page about a run, and about several, as a file that needs no other."""
