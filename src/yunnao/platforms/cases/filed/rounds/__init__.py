"""What the house does with filed cases by itself, round after round: reminders, delivery, retention, deadlines after a new calendar."""
