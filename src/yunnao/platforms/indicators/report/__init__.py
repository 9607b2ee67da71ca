"""Reports: text, tables and charts whose numbers say where they come from, written as Word documents."""
