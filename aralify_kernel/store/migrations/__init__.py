"""The revisions of the schema, applied by `schema.upgrade`."""
