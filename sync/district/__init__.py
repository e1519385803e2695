"""The district: blind intake, and beside the opening key the rest."""
