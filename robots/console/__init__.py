"""The advisor's web console: the same flow, rules, engine and pages as the night shift, by hand."""
