"""The advisor's web console: the same flow, rules, engine and pages as a list's run, by hand."""
