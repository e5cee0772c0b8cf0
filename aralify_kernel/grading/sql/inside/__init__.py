"""What runs inside the process that holds a database. It imports nothing of Aralify but these files."""
