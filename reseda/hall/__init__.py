"""The door of the site: the home page of each role, what is to be done today, navigation, the
demo.
"""
