"""The journal and its proofs."""
