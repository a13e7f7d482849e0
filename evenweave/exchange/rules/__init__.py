"""How lists of factories are read and compared: columns, cells, matches. Plain Python."""
