"""Messages to people: editable templates, and an outbox written in the transaction that causes the
message.
"""
