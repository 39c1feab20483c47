"""Evidence, assessment, file and jury: how competencies gained in service are validated, once for
each activity. Code de l’éducation, L611-9 and D611-7.
"""
