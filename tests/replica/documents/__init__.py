"""The rule documents: their data (products/), their build-up (*.txt.j2), and the script that makes the files."""
