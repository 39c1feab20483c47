"""Pages of studies: one’s timetables, what a period takes from them, accommodation, absences."""
