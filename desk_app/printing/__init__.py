"""Layout and PDF of what is handed over."""
