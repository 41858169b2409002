"""What public money can do: instruments, programmes, and a user's own instruments and rules."""
