"""Console commands of the room: reading a timetable, finding conflicts."""
