"""Facts are accepted and rejected by one rule, from lists and pages, and each decision is kept."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.urls import reverse

from archive.curate.review import COLUMNS, decide
from archive.models import Mention, Review, Status
from tests.admin.rows import BODY, FACTS, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return User.objects.create_user("decider")


def test_every_kind_of_fact_can_be_decided(editor):
    rows = everything()
    facts = [rows[name] for name in FACTS]
    assert {type(fact) for fact in facts} == set(COLUMNS)
    reviews = decide(facts, "rejected", editor, "a namesake")
    assert {review.target for review in reviews} == set(facts)
    for fact in facts:
        fact.refresh_from_db()
        assert fact.status == Status.REJECTED
        last = fact.reviews.first()
        assert (last.decision, last.editor, last.reason) == ("rejected", editor, "a namesake")
        written = fact.history.order_by("pgh_id").last()
        assert written.status == Status.REJECTED
        assert written.pgh_context.metadata == {"user": editor.pk, "message": "a namesake"}


def test_what_is_decided_already_is_left_alone(editor):
    event = everything()["event"]
    assert decide([event], "accepted", editor) == []
    assert event.reviews.count() == 1


def test_an_unknown_decision_is_refused(editor):
    with pytest.raises(ValidationError, match="accept"):
        decide([everything()["event"]], "accept", editor)


def test_all_or_nothing_and_nobody_cannot_be_accepted(editor):
    rows = everything()
    unknown = Mention.objects.create(
        text=rows["articletext"], start=0, end=5, surface=BODY[:5], proposed_name="زيد"
    )
    decide([rows["mention"]], "suggested", editor)
    before = Review.objects.count()
    with pytest.raises(ValidationError) as refused:
        decide([rows["mention"], unknown], "accepted", editor)
    assert refused.value.code == "constraint"
    assert Review.objects.count() == before
    rows["mention"].refresh_from_db()
    assert rows["mention"].status == Status.SUGGESTED


def test_the_list_asks_why_and_then_decides(admin_client, admin_user):
    mention, other = everything()["mention"], everything()["mention"]
    page = reverse("admin:archive_mention_changelist")
    form = {"action": "reject", "_selected_action": [mention.pk, other.pk]}
    asked = admin_client.post(page, form)
    assert asked.templates[0].name == "admin/archive/decide.html"
    assert Mention.objects.filter(status="rejected").count() == 0
    assert admin_client.post(page, {**form, "reason": "مكرر", "decided": "1"}).status_code == 302
    for fact in (mention, other):
        fact.refresh_from_db()
        assert fact.status == Status.REJECTED
        assert (fact.reviews.first().editor, fact.reviews.first().reason) == (admin_user, "مكرر")


def test_a_decision_from_a_page_returns_there(admin_client):
    event = everything()["event"]
    form = {"action": "reject", "_selected_action": event.pk, "from_page": "1", "decided": "1"}
    answer = admin_client.post(reverse("admin:archive_event_changelist"), form)
    assert answer.url == reverse("admin:archive_event_change", args=[event.pk])


def test_who_may_not_review_is_offered_no_decision(client):
    event = everything()["event"]
    user = User.objects.create_user("writer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_event", "change_event")))
    client.force_login(user)
    page = reverse("admin:archive_event_changelist")
    assert 'value="reject"' not in client.get(page).content.decode()
    client.post(page, {"action": "reject", "_selected_action": event.pk, "decided": "1"})
    event.refresh_from_db()
    assert event.status == Status.ACCEPTED


def test_no_form_changes_a_status_or_a_review(admin_client):
    rows = everything()
    html = admin_client.get(reverse("admin:archive_event_change", args=[rows["event"].pk])).content.decode()
    assert 'name="status"' not in html
    page = reverse("admin:archive_review_change", args=[rows["review"].pk])
    assert admin_client.post(page, {"reason": "another"}).status_code == 403
