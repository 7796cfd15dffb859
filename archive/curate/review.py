"""What editors decide on facts: the one way in which a status changes."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from archive.curate.history import acting
from archive.curate.violations import explain
from archive.models import Citation, EventLink, Fact, Mention, Participation, Review, Status
from archive.models.citation import TARGETS as CITED
from archive.models.review import TARGETS

# Which column of a review names a fact of which model.
COLUMNS: dict[type[Fact], str] = {Review._meta.get_field(name).related_model: name for name in TARGETS}

# The columns that lead from a fact to others without which it does not count: who does not see those does not
# see it.
RESTS_ON: dict[type[Fact], tuple[str, ...]] = {
    Citation: (*CITED, "participation__event", "link__event", "link__other"),
    EventLink: ("event", "other"),
    Participation: ("event",),
}

# Who may decide is who may add a review.
PERMISSION = "archive.add_review"


def starting_status(fact: Fact, user: AbstractBaseUser) -> str:
    """The status of a `fact` that `user` adds: who may decide has decided; anybody else suggests.

    A mention of which nobody knows yet whom it names can only be suggested.
    """
    unknown = isinstance(fact, Mention) and not (fact.person_id or fact.country_id or fact.source_id)
    return Status.ACCEPTED if user.has_perm(PERMISSION) and not unknown else Status.SUGGESTED


def may_change(fact: Fact, user: AbstractBaseUser) -> bool:
    """Whether `user` may change or remove `fact`: what an editor has decided, editors alone change."""
    return fact.status == Status.SUGGESTED or user.has_perm(PERMISSION)


def decide(facts: Iterable[Fact], decision: str, editor: AbstractBaseUser, reason: str = "") -> list[Review]:
    """Give each of `facts`, of one kind or several, the status `decision`; all of them or none.

    Returns the reviews that say so, one for each fact whose status changed. A fact that has the
    status already, or is gone by now, gets none. Raises ValidationError on an unknown decision, and
    where a constraint refuses it: a mention that names nobody yet can only be suggested.
    """
    if decision not in Status.values:
        raise ValidationError(
            _("%(decision)s is no decision: use one of %(choices)s."),
            code="decision",
            params={"decision": repr(decision), "choices": ", ".join(Status.values)},
        )
    chosen: dict[type[Fact], list[int]] = {model: [] for model in COLUMNS}
    for fact in facts:
        chosen[type(fact)].append(fact.pk)
    try:
        with acting(reason, user=editor):
            return [
                review
                for model, keys in chosen.items()
                if keys
                for review in _decide(model, keys, decision, editor, reason)
            ]
    except IntegrityError as error:
        raise ValidationError(explain(error), code="constraint") from error


def _decide(
    model: type[Fact], keys: list[int], decision: str, editor: AbstractBaseUser, reason: str
) -> list[Review]:
    # In one order everywhere, so that two editors wait for each other and never lock crosswise.
    locked = model.objects.select_for_update(of=("self",)).filter(pk__in=keys).exclude(status=decision)
    changing = list(locked.order_by("pk").values_list("pk", flat=True))
    model.objects.filter(pk__in=changing).update(status=decision)
    return Review.objects.bulk_create(
        Review(**{f"{COLUMNS[model]}_id": key}, decision=decision, editor=editor, reason=reason)
        for key in changing
    )
