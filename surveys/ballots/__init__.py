"""点单: who may vote, casting, receipts, the event chain, sealing."""
