"""What is said in English without any service: facts, titles, days, known sentences."""
