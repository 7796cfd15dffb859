"""REST: what programs see. One error shape, strict parameters, keyset pages."""
