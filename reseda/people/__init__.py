"""Who is who: persons and their sign-in, mandates (who is what, where, from when to when), the
policy of rights, and the links by which outsiders answer without an account.
"""
