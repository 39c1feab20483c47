"""The credentials this product issues, checked by verifiers that other teams wrote."""
