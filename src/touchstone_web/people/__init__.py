"""Who may see and do what: persons, the organisation tree, remits, invitations."""
