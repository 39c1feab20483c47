"""Frameworks of competencies, in frozen versions: what a programme expects, and what service in
the reserve develops.
"""
