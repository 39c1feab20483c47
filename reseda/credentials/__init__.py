"""Credentials: what the holder of a recognition can show to anybody, and how anybody checks it.

A recognised competency becomes an Open Badges 3.0 credential signed by the school: it is issued,
baked into a picture or attached to an annex of the diploma supplement, presented by its holder,
revoked through a public status list, and verified here or by any other conforming verifier.
Nothing in it need reveal that the competency was gained in a reserve.
"""
