"""The reservist’s record: engagement contract, what the person allows to be known, periods of
service, their confirmation by the unit. Code de la défense, L4211-1 and following.
"""
