"""Kernels that make pages: each belongs to one viewer, knows nothing of the server, and takes no code from a browser."""
