"""The school and its frame: programmes, academic years, cohorts, groups, and the people imported
into them.
"""
