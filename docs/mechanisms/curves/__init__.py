"""The pictures of the mechanisms, each drawn by running the real kernels; see `draw.py` beside this folder."""
