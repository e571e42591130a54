"""Many roles at once: plan, schedule, run, journal, report."""
