"""How far an index depends on the choices made for it, and on the error of its figures."""
