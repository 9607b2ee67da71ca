"""A small sample of messages, for tests and the demonstration. Synthetic: every sentence was composed for it, nobody wrote in.

124 messages of one imagined district over seven categories; seven are about one estate's barbecue smoke (six citizens), five
about storerooms that had to be bought with flats.
"""

from pathlib import Path

SAMPLE = Path(__file__).with_name("sample_messages.csv")
"""Columns message_id, sender, received_at, title, body, category, likes; UTF-8."""
