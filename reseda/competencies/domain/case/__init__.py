"""Competencies and Academic Standards Exchange (CASE) 1.1 of 1EdTech: its objects, built and
checked; no request here.
"""
