"""The program that runs one attempt. It imports nothing of Aralify but the files of this folder, and little else.

It starts in about 15 ms because it avoids `re`, `enum`, `json`, `ast` and `signal`; keep it so.
"""
