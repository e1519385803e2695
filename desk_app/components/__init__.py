"""The kit: frozen props in, callbacks out."""
