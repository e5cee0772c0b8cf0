"""The rules of the game and the words they are told in.

Nothing here knows a clock, randomness, files, a database or a framework: times come in as arguments, every value is
frozen, every function gives the same answer for the same arguments. import-linter holds this.
"""
