"""Day counts, calendars, schedules and cash-flow tables: dates only, no market."""
