"""Files given by people, kept apart from the site and encrypted when they are sensitive, and
addresses fetched safely.
"""
