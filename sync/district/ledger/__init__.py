"""What is kept: the sealed part and the record."""
