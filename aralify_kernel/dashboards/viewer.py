"""Who looks at this page."""
