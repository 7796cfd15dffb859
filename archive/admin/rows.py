"""Which rows a user of the desk sees, and how much of them."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet

from archive.curate.review import COLUMNS, PERMISSION, RESTS_ON
from archive.models import ArticleText, Fact, Review, Status
from archive.models.evidence import Evidence
from archive.models.review import TARGETS


def _rejected(*facts: str) -> Q:
    """Rows of which one of the facts at the columns `facts` was rejected."""
    return reduce(or_, (Q(**{f"{path}__status": Status.REJECTED}) for path in facts))


# A review's own fact, and what that rests on.
REJECTED_TARGET = _rejected(
    *TARGETS, *(f"{COLUMNS[fact]}__{path}" for fact, paths in RESTS_ON.items() for path in paths)
)


def visible(rows: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """`rows` of any table without the facts that were rejected, what rests on them, and the reviews of both.

    Only who decides sees them. Bodies of texts, which can be long, are left in the database.
    """
    if not user.has_perm(PERMISSION):
        if issubclass(rows.model, Fact):
            rows = rows.exclude(status=Status.REJECTED)
            if paths := RESTS_ON.get(rows.model):
                rows = rows.exclude(_rejected(*paths))
        elif rows.model is Review:
            rows = rows.exclude(REJECTED_TARGET)
    if issubclass(rows.model, Evidence):
        return rows.defer("text__body")
    return rows.defer("body") if rows.model is ArticleText else rows


def offered(model: Any, user: AbstractBaseUser) -> QuerySet:
    """The rows of `model` that `user` may choose from."""
    return visible(model._default_manager.all(), user)
