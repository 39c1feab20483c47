"""Who did what, when: one append-only record, chained by hashes, that nothing can rewrite unseen.
"""
