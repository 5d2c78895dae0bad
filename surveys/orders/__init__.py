"""接单·做单: what becomes of the items that were chosen, one public line each."""
