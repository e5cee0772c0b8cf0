"""The REST interface: a table of operations, the document that describes it, and one handler that answers it."""
