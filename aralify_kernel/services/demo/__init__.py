"""A believable class: made-up learners who work through a course by the real rules, on a simulated clock."""
