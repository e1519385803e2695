"""The vault: all SQL of the desk."""
