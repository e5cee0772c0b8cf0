"""The background grader of one's own machine: one process that judges for all kernels of a computer user.

It starts with the first answer anybody submits, and ends when nobody has needed it for a while. `client` is what a
kernel uses, `server` is what runs in the background, `places` is where they meet, `frames` and `plain` are what they
say. Only where there are Unix sockets.
"""
