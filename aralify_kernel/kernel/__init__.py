"""Aralify inside a Jupyter kernel: the kernelspec, the IPython extension, its hook and magics."""
