"""The reader of plan reports beside labels written by hand."""
