"""Pages of credentials: for the school, for the holder, for anybody.

A form refused is shown again with the status `REFUSED`.
"""

REFUSED = 422
