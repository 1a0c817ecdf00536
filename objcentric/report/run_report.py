"""The report of one run (`report_run`)."""
