"""The pages that Voilà shows: one import, one call, one display each.

A page is `frames` (a learner's values as tables), `figures` (tables as charts), `sections` (tables as HTML) and `page`,
the one widget that shows HTML and charts and hears what is clicked.
"""
