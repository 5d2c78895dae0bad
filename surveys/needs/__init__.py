"""议: suggestions become needs of the ledger 问题台账."""
