"""What is read of studies: timetables and their lessons, conflicts of a period, accommodation."""
