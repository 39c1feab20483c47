"""Pure engines of the room: reading a feed, typing its sessions, groups, conflicts, weeks, feeds.

Nothing here knows Django, a clock or the network: the bytes, the days and the zone are arguments.
"""
