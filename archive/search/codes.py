"""Finding rows by what stands for them whole: a code, a slug, an address."""

from collections.abc import Iterable
from functools import reduce

from django.db.models import Model, QuerySet

# A code names one row, or a few; a mention's words, which are asked for the same way, name many.
MOST = 1000


def coded(model: type[Model], columns: Iterable[str], *texts: str) -> list[int]:
    """The ids of the rows of `model` that have one of `texts`, in its own, lower or upper case; MOST at most.

    It is compared with each of `columns`, each by its own index, also across a relation.
    """
    # PostgreSQL stores neither NUL nor half a character, and its driver raises on them.
    codes = {text.replace("\0", "").encode(errors="ignore").decode().strip() for text in texts} - {""}
    cases = {cased for code in codes for cased in (code, code.lower(), code.upper())}
    rows = model._base_manager.order_by()
    questions = [rows.filter(**{f"{column}__in": cases}).values_list("pk", flat=True) for column in columns]
    return list(union(questions)[:MOST]) if cases and questions else []


def union(questions: list[QuerySet]) -> QuerySet:
    return reduce(QuerySet.union, questions)
