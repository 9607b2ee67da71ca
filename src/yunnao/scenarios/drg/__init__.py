"""DRG 点数付费: group every stay, price it, settle the year, explain each yuan."""
