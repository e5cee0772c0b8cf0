"""The class server: sign-in, REST, and pages that only their owner sees."""
