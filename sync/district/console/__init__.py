"""The district staff's pages."""
