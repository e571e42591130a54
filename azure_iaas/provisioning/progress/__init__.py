"""How far a plan has come: facts, where they are kept, and what is told of them."""
