"""Small frozen parts that rooms hand to the components."""
