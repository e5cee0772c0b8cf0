"""JavaScript, run by Deno: a fresh process for the learner's program, and one for the checks, which compares."""
