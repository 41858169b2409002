"""What the commands do: run, scenario, describe, doctor; and how the terminal shows it."""
