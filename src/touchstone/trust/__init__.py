"""What lets an outsider check that nothing was changed: the journal and its proofs."""
