"""Ground: pure models of everything that is kept or crosses a wire."""
