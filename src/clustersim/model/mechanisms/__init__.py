"""The processes of a quarter, one file each; they never import each other."""
