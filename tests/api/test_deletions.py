"""A copy of the lists keeps in step: what changed, what left, and nothing that was not to be seen."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from archive.models import Citation, Deletion, Mention, Person
from tests import factories as make
from tests.api.conftest import client_of, pages, walk
from tests.api.contract import answers
from tests.api.problems import parameters, problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES

WHERE = "/api/v1/deletions/"


def listed(client, **query) -> list[dict]:
    return walk(client, WHERE, **query)


def keys(client, **query) -> list[tuple[str, str]]:
    return [(row["resource"], row["key"]) for row in listed(client, **query)]


@pytest.mark.django_db
class TestWhatLeft:
    @pytest.mark.parametrize("name", VIEWS)
    def test_what_is_deleted_is_listed_by_its_key(self, anonymous, editor, name):
        row = SAMPLES[name].add()
        key = str(getattr(row, VIEWS[name].lookup_field))
        assert keys(anonymous) == []
        row.delete()
        assert (name, key) in keys(anonymous)
        assert [found for found in keys(anonymous, resource=name) if found != (name, key)] == []

    def test_an_article_is_named_by_its_source_and_identifier_too(self, anonymous):
        article = make.ArticleFactory()
        expected = {
            "resource": "articles",
            "key": str(article.pk),
            "moved_to": None,
            "source": article.source.slug,
            "identifier": article.identifier,
        }
        article.delete()
        [row] = listed(anonymous)
        assert datetime.fromisoformat(row.pop("deleted"))
        assert row == expected

    def test_what_goes_with_a_record_is_listed_too(self, anonymous):
        mention = make.MentionFactory()
        article, key = mention.article, str(mention.pk)
        expected = {("articles", str(article.pk)), ("mentions", key)}
        article.delete()
        assert set(keys(anonymous)) == expected

    def test_an_article_whose_source_is_gone_before_it(self, anonymous):
        article = make.ArticleFactory()
        with connection.cursor() as cursor:  # foreign keys are looked at when a transaction ends
            cursor.execute("DELETE FROM archive_source")
            cursor.execute("DELETE FROM archive_article")
        [row] = listed(anonymous, resource="articles")
        assert (row["key"], row["source"], row["identifier"]) == (str(article.pk), None, article.identifier)

    def test_whoever_deletes_by_whatever_way(self, anonymous):
        persons = make.PersonFactory.create_batch(3)
        slugs = [("persons", person.slug) for person in persons]
        persons[0].delete()
        Person.objects.filter(pk=persons[1].pk).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM archive_person WHERE id = %s", [persons[2].pk])
        assert keys(anonymous) == slugs

    @pytest.mark.parametrize(
        ("name", "field", "value"),
        [
            ("persons", "slug", "fuad-hussein"),
            ("sources", "slug", "elaph"),
            ("countries", "code", "ZZZX"),
            ("events", "slug", "talks-in-moscow"),
        ],
    )
    def test_a_key_that_changes_leads_to_the_new_one(self, anonymous, editor, name, field, value):
        row = SAMPLES[name].add()
        old = getattr(row, field)
        answer = editor.patch(f"/api/v1/{name}/{old}/", {field: value})
        assert answer.status_code == 200, answer.content.decode()
        [found] = listed(anonymous)
        assert (found["resource"], found["key"], found["moved_to"]) == (name, old, value)

    def test_another_change_is_no_deletion(self, anonymous):
        for name in VIEWS:
            row = SAMPLES[name].add()
            row.save()
            type(row).objects.filter(pk=row.pk).update(added=datetime.now(UTC))
        person = make.PersonFactory()
        person.name = "اسم جديد"
        person.save()
        assert keys(anonymous) == []


def reject(*facts):
    for fact in facts:
        type(fact).objects.filter(pk=fact.pk).update(status="rejected")


@pytest.mark.django_db
class TestRejected:
    """To who may not see it, what is rejected is gone."""

    @pytest.mark.parametrize(
        ("name", "factory", "field"),
        [
            ("events", make.EventFactory, "slug"),
            ("mentions", make.MentionFactory, "pk"),
            ("citations", make.CitationFactory, "pk"),
        ],
    )
    def test_it_left_when_it_was_rejected_and_only_then(self, anonymous, name, factory, field):
        fact = factory()
        key = str(getattr(fact, field))
        reject(fact)
        assert keys(anonymous) == [(name, key)]
        if name == "events":
            type(fact).objects.filter(pk=fact.pk).update(slug="secret-thing")
        type(fact).objects.filter(pk=fact.pk).delete()
        assert keys(anonymous) == [(name, key)]

    def test_what_was_never_to_be_seen_leaves_no_trace(self, anonymous, editor):
        for fact in (
            make.EventFactory(status="rejected"),
            make.MentionFactory(status="rejected"),
            make.CitationFactory(status="rejected"),
            make.CitationFactory(event=make.EventFactory(status="rejected")),
        ):
            fact.delete()
        for client in (anonymous, editor):
            assert keys(client) == []

    def facts(self):
        """Each sort of fact that citations report, with citations of it and of what rests on it."""
        event = make.EventFactory()
        part, link = make.ParticipationFactory(event=event), make.EventLinkFactory(other=event)
        return [
            (event, [{"event": event}, {"participation": part}, {"link": link}]),
            *(
                (fact, [{name: fact}])
                for name, fact in {
                    "participation": make.ParticipationFactory(),
                    "office": make.OfficeFactory(),
                    "link": make.EventLinkFactory(),
                    "succession": make.SuccessionFactory(),
                }.items()
            ),
        ]

    @pytest.mark.parametrize("number", range(5))
    def test_citations_leave_with_what_they_report_and_come_back_with_it(self, anonymous, number):
        fact, reports = self.facts()[number]
        long_ago = datetime(2001, 1, 1, tzinfo=UTC)
        cited = [make.CitationFactory(modified=long_ago, **what) for what in reports]
        make.CitationFactory(modified=long_ago)
        make.CitationFactory(modified=long_ago, status="rejected", start=1, **reports[0])
        reject(fact)
        there = {row["id"] for row in walk(anonymous, "/api/v1/citations/")}
        gone = {int(key) for resource, key in keys(anonymous) if resource == "citations"}
        assert gone == {citation.pk for citation in cited}
        assert not gone & there
        type(fact).objects.filter(pk=fact.pk).update(status="accepted")
        again = walk(anonymous, "/api/v1/citations/", modified__gte="2002-01-01")
        assert {row["id"] for row in again} == gone


@pytest.mark.django_db
class TestTheList:
    @pytest.fixture
    def some(self):
        """Five deletions, a day after the other, the third of an article."""
        start = datetime(2021, 8, 20, 10, tzinfo=UTC)
        return [
            Deletion.objects.create(
                resource="articles" if n == 2 else "persons", key=f"{n}", deleted=start + timedelta(days=n)
            )
            for n in range(5)
        ]

    def test_its_pages_are_the_oldest_first(self, anonymous, some):
        assert [key for _resource, key in keys(anonymous, page_size=2)] == list("01234")
        assert [key for _resource, key in keys(anonymous, page_size=2, ordering="-deleted")] == list("43210")
        assert len(list(pages(anonymous, WHERE, page_size=2))) == 3

    def test_it_is_what_the_schema_says(self, anonymous, some):
        answer = anonymous.get(WHERE, {"count": "true", "page_size": 2})
        answers(answer)
        # Written as in the rows: what is copied into the next address has no + in it.
        moments = [answer.json()["as_of"], *(row["deleted"] for row in answer.json()["results"])]
        assert {moment[-1] for moment in moments} == {"Z"}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"resource": "articles"}, "2"),
            ({"resource": ["articles", "persons"]}, "01234"),
            ({"resource__not": "persons"}, "2"),
            ({"deleted__gte": "2021-08-22"}, "234"),
            ({"deleted__gte": "2021-08-22T10:00:00Z", "deleted__lte": "2021-08-23T10:00:00Z"}, "23"),
            ({"deleted__lte": "2021-08-22"}, "012"),
            ({"deleted__lte": "2021-08-22", "resource": "persons"}, "01"),
        ],
    )
    def test_its_filters(self, anonymous, some, query, found):
        rows = anonymous.get(WHERE, query).json()["results"]
        assert [row["key"] for row in rows] == list(found)

    @pytest.mark.parametrize(
        ("query", "wrong"),
        [
            ({"resource": "abstracts"}, "resource"),
            ({"resource": "مقالات"}, "resource"),
            ({"deleted": "2021"}, "deleted"),
            ({"deleted__gte": "yesterday"}, "deleted__gte"),
            ({"ordering": "key"}, "ordering"),
            ({"evidence": "all"}, "evidence"),
            ({"modified__gte": "2021"}, "modified__gte"),
            ({"fields": "key"}, "fields"),
            ({"cursor": "x"}, "cursor"),
        ],
    )
    def test_what_it_does_not_know(self, anonymous, query, wrong):
        assert parameters(anonymous.get(WHERE, query)).keys() == {wrong}

    def test_it_links_its_pages(self, anonymous, some):
        answer = anonymous.get(WHERE, {"page_size": 2})
        assert f'<{answer.json()["next"]}>; rel="next"' in answer["Link"]

    def test_it_is_read_like_the_others(self, anonymous, settings):
        assert anonymous.options(WHERE).json()["methods"] == ["GET", "HEAD", "OPTIONS"]
        assert anonymous.head(WHERE).status_code == 200
        problem(client_of(make.UserFactory(is_superuser=True)).delete(WHERE), 405)
        settings.ANONYMOUS_READ = False
        problem(anonymous.get(WHERE), 401)

    def test_a_page_walks_an_index(self):
        Deletion.objects.bulk_create(Deletion(resource="persons", key=f"{n}") for n in range(2000))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE archive_deletion")
        for rows, index in (
            (Deletion.objects.all(), "deletion_deleted"),
            (Deletion.objects.filter(resource="persons"), "deletion_"),
        ):
            plan = rows.filter(deleted__gte=datetime(2021, 1, 1, tzinfo=UTC)).order_by("deleted", "pk")[:50]
            said = plan.explain()
            assert index in said
            assert "Sort" not in said


def copy_of(client, since: str | None, copy: dict) -> str:
    """Bring `copy` (of all lists, by list and key) in step as docs/http.md says. Returns the next `since`."""
    query = {"deleted__gte": since} if since else {"page_size": 1}
    answer = client.get(WHERE, query).json()
    if since:
        for row in listed(client, **query):
            copy.pop((row["resource"], row["key"]), None)
    for name, view in VIEWS.items():
        key = view.lookup_field.replace("pk", "id")
        ask = {"modified__gte": since} if since else {}
        for row in walk(client, f"/api/v1/{name}/", ordering="modified", **ask):
            copy[name, str(row[key])] = row
    return answer["as_of"]


def truth(client) -> dict:
    copy: dict = {}
    copy_of(client, None, copy)
    return copy


@pytest.mark.django_db
def test_a_copy_keeps_in_step(anonymous, contributor):
    mention, citation = make.MentionFactory(), make.CitationFactory()
    kept = make.PersonFactory(name="فؤاد حسين")
    copy: dict = {}
    since = copy_of(anonymous, None, copy)
    reject(citation.event)
    mention.delete()
    contributor.patch(f"/api/v1/persons/{kept.slug}/", {"slug": "fuad-hussein", "name": "فواد حسين"})
    make.SuccessionFactory(predecessor=mention.country)
    make.CollectionMemberFactory(source=citation.article.source)
    for _ in range(2):
        since = copy_of(anonymous, since, copy)
        assert copy == truth(anonymous)
    Citation.objects.filter(pk=citation.pk).update(status="suggested")
    type(citation.event).objects.filter(pk=citation.event.pk).update(status="accepted")
    copy_of(anonymous, since, copy)
    assert copy == truth(anonymous)
    assert not Mention.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_before_and_seen_after_is_not_lost(anonymous):
    """A transaction that takes long: its rows say when it began."""
    make.PersonFactory()
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT now()")
            [began] = cursor.fetchone()
            make.PersonFactory(slug="meanwhile")
            since = anonymous.get(WHERE).json()["as_of"]
            assert datetime.fromisoformat(since) < began
            cursor.execute("UPDATE archive_person SET description = 'وزير' WHERE slug <> 'meanwhile'")
            cursor.execute("DELETE FROM archive_person WHERE slug = 'meanwhile'")
        seen = anonymous.get("/api/v1/persons/?ordering=-modified").json()["results"]
        assert seen[0]["slug"] == "meanwhile"
        other.commit()
    finally:
        other.close()
    changed = anonymous.get(f"/api/v1/persons/?modified__gte={quote(since)}").json()["results"]
    assert [row["description"] for row in changed] == ["وزير"]
    assert keys(anonymous, deleted__gte=since) == [("persons", "meanwhile")]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_deletes_nothing(anonymous):
    person = make.PersonFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        person.delete()
        raise RuntimeError
    assert keys(anonymous) == []


@pytest.mark.django_db
def test_a_key_as_long_as_a_record_may_have(anonymous):
    event = make.EventFactory(slug="a" * 150)
    event.slug = "b" * 150
    event.save()
    [row] = anonymous.get("/api/v1/deletions/?resource=events").json()["results"]
    assert (row["key"], row["moved_to"]) == ("a" * 150, "b" * 150)
