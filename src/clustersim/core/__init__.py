"""What everything may use: compiling, declaring, drawing, errors, and what this machine and this user are like."""
