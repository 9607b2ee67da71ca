"""文字分类: what a message is about, learned from labelled messages; with a confidence and the words that spoke for it."""
