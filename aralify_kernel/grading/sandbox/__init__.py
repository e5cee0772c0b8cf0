"""Walls around code that nobody has read: namespaces, seccomp, Landlock, limits.

`bubblewrap` builds the room a program is started in; `walls` puts up the rest from inside, in a process that is about
to run somebody's code; `probe` says which of it this machine offers. Everything but the probe and the builder is also
loaded inside the room, without the rest of Aralify: these files import nothing but each other and the standard library.
"""
