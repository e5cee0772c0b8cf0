"""A class server seen from a learner's machine: `LearnerSession` over HTTP, and how its values travel as JSON."""
