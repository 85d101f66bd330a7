"""Pure rules: no database, no files, no clock. The day is an argument or a column."""
