"""A change is said in English: facts first, machine translation second, Chinese kept."""
