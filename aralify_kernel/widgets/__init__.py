"""What learners see inside a notebook: screens over a `LearnerSession`, as HTML with a few lines of JavaScript.

A screen (`sign_in`, `courses`, `lessons`, …) is a plain Python object that holds state and renders itself to HTML; it
is tested without a front end. A `Panel` puts one screen into a notebook's output and carries what the learner does
there back to it. What a notebook saves is that HTML alone, without buttons, so that a reopened lesson never shows a
broken widget.

Importing this package costs nothing; its modules load ipywidgets, so import them where they are used.
"""
