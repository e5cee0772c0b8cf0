"""`python -m aralify_kernel` is the `aralify` command."""

from aralify_kernel.cli import main

main()
