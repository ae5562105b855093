"""What the outside world does, as typed tables: every row with its source and the day it was checked."""
