"""What contacts are told beside alerts: reminders of days, and the calendar feed."""
