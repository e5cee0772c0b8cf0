"""The one place that builds things, and the only one that reads the clock."""
