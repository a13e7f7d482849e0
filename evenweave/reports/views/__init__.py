"""Pages of this room: reports, their release and amendment, progress reports, and the public check of a file."""
