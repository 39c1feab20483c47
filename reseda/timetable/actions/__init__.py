"""What is done about studies: timetables given and kept fresh, accommodation asked and decided."""
