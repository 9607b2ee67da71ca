"""From the text of a report to one row per stated quantity: grammar, lexicons and statistics, no model weights."""
