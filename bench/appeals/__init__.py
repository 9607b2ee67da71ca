"""Citizens' appeals: classification and hot topics on real messages, where they are at hand."""
