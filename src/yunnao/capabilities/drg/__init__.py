"""DRG 分组器: inpatient stays to diagnosis related groups by the tables of a scheme; one stay with its path, or many at once."""
