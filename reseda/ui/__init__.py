"""What every page is made of: layout, components and their gallery, lists, and the thread that
links the rooms.
"""
