"""Side-by-side measurements: medians, and ratios to a named rival in the same run."""
