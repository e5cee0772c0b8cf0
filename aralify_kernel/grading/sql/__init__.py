"""SQL, run by SQLite: one database for the learner's statements, one for the reference's, each in its own process."""
