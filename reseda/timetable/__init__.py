"""The room of studies: what a student's week holds, and what a reserve period would cost it.

It reads the timetables that schools publish (ADE, HyperPlanning, any RFC 5545 calendar), says
which sessions are exams and which can be caught up, finds the overlaps with reserve periods and
keeps the accommodations agreed with the school.
"""
