"""The server as a service of a JupyterHub: the Hub says who people are, everything else stays as it is.

Whoever opens a page is sent to the Hub and back (OAuth), and gets a sign-in of ours for what the Hub said; a program
sends the token that the Hub gave to its single-user server, which is good here for as long as the Hub says so.
"""
