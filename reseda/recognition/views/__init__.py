"""Pages of recognition."""

REFUSED = 422
