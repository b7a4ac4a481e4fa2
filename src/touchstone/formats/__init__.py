"""One file a format: bytes in, tables or errors out; tables in, bytes out."""
