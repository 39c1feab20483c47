"""How the pages of this room say and draw what people decide."""
