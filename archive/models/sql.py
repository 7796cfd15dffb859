"""SQL functions that Django's ORM lacks."""

from django.db.models import CharField, Func


class Sha256(Func):
    """SHA-256 of a text's UTF-8, as 64 lower-case hexadecimal digits."""

    arity = 1
    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()
