"""The report of several runs, in groups (`report_runs`)."""
