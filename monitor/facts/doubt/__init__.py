"""How sure a fact is: a second look at the same words that shares nothing with the first but the sentence."""
