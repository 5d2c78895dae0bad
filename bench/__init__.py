"""The figures of this product, made again on any machine: `python3 run.py bench`."""
