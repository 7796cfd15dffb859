"""The JSON that is kept ready is what would be made just now, whatever is written and however."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product
from json import loads
from random import Random

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.api import ready
from archive.api.expressions import made, ready_version
from archive.models import (
    Article,
    ArticleSubject,
    Country,
    Event,
    Person,
    ReadyRecord,
    Source,
    SourceCollection,
    StaleRecord,
    Status,
)
from archive.models.readying import OF, RESOURCES, Named
from archive.models.readyrecord import in_step as ready_json
from archive.models.sql import Statement
from tests import factories as make
from tests.api.changes import CHANGES, saved
from tests.api.conftest import walk
from tests.api.plain import plain

pytestmark = pytest.mark.django_db


def all_json(json_of: Callable[[str], Statement]) -> dict[tuple, str]:
    """What a statement gives for each record that is kept ready, by resource and id, without nulls."""
    found = {}
    for resource, kept in ready.KEPT.items():
        json = json_of(resource)
        rows = f"SELECT pk, ({json.sql})::text FROM (SELECT id FROM {kept.model._meta.db_table}) page (pk)"
        found |= {(resource, pk): text for pk, text in Statement(rows, json.parameters).fetch() if text}
    return found


def in_step() -> dict[tuple, str]:
    """The JSON that lists would read."""
    return all_json(lambda name: Statement(ready_json(name, "page.pk", ready_version(ready.KEPT[name])), ()))


def right() -> dict[tuple, str]:
    """The JSON that would be made just now."""
    return all_json(lambda name: made(ready.KEPT[name]))


def test_what_would_be_made_is_what_plain_serializers_give(world):
    found = {
        (resource, row.pk): plain(kept.serializer, row, kept.shape)
        for resource, kept in ready.KEPT.items()
        for row in kept.model.objects.all()
    }
    json = right()

    def other(place: re.Match) -> str:
        return json[place[1], int(place[2])]

    assert {key: loads(PLACE.sub(other, one)) for key, one in json.items()} == found


def records() -> int:
    """How many there are that are kept ready."""
    return sum(kept.model.objects.count() for kept in ready.KEPT.values())


LISTS = ("articles", "persons", "countries", "events", "sources")
EXPANDED = "source,persons,countries,events,mentions,citations"
# Where the JSON of another record is to stand.
PLACE = re.compile(r'\t"(\w+) (\d+)"\t')


@pytest.mark.parametrize("name", LISTS)
def test_a_list_gives_the_same_whether_it_is_ready_or_not(world, anonymous, name):
    before = walk(anonymous, f"/api/v1/{name}/", page_size=7)
    assert not in_step()
    assert ready.make() == records()
    assert in_step() == right()
    assert walk(anonymous, f"/api/v1/{name}/", page_size=7) == before
    key = next(before[0][key] for key in ("id", "slug", "code") if key in before[0])
    assert anonymous.get(f"/api/v1/{name}/{key}/").json() == before[0]


def test_an_expanded_article_is_the_same_whether_it_is_ready_or_not(world, anonymous):
    before = walk(anonymous, "/api/v1/articles/", page_size=7, expand=EXPANDED)
    ready.make()
    assert walk(anonymous, "/api/v1/articles/", page_size=7, expand=EXPANDED) == before


@pytest.mark.parametrize("name", LISTS)
def test_a_list_reads_what_is_ready(world, anonymous, name):
    """Seen by rows that say what no record does."""
    ready.make()
    ReadyRecord.objects.update(json='{"id":0}')
    assert {"id": 0} in walk(anonymous, f"/api/v1/{name}/")
    assert {"id": 0} not in walk(anonymous, f"/api/v1/{name}/", evidence="accepted")
    assert {"id": 0} not in walk(anonymous, f"/api/v1/{name}/", fields="added")


@pytest.mark.parametrize("whole", [True, False])
def test_an_expanded_article_reads_what_is_ready(world, anonymous, whole):
    ready.make()
    ReadyRecord.objects.exclude(resource="whole").update(json='{"id":0}')
    expand = EXPANDED if whole else EXPANDED.removesuffix(",mentions,citations")
    found = walk(anonymous, "/api/v1/articles/", expand=expand)
    assert {"id": 0} in [article["source"] for article in found]
    for several in ("persons", "countries", "events"):
        assert {"id": 0} in [one for article in found for one in article[several]]


def test_an_article_whole_is_read_from_one_row(world, anonymous):
    ready.make()
    ReadyRecord.objects.filter(resource="whole").update(json='{"id":0}')
    assert walk(anonymous, "/api/v1/articles/", expand=EXPANDED) == [{"id": 0}] * Article.objects.count()
    assert {"id": 0} not in walk(anonymous, "/api/v1/articles/", expand=EXPANDED, evidence="accepted")
    assert {"id": 0} not in walk(anonymous, "/api/v1/articles/", expand=EXPANDED, omit="added")


def test_text_that_looks_like_a_place_stays_text(world, anonymous):
    person = Person.objects.first()
    title = f'قبل\t"person {person.pk}"\tبعد'
    article = make.ArticleFactory(title=title)
    ready.make()
    assert anonymous.get(f"/api/v1/articles/{article.pk}/?expand={EXPANDED}").json()["title"] == title


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("expanded", ["source", "persons", "countries", "events"])
def test_an_expanded_article_is_not_read_from_what_is_behind(world, anonymous, expanded, whole):
    """One stale record among those that are ready: all of the article is made anew."""
    ready.make()
    article = next(a for a in walk(anonymous, "/api/v1/articles/") if a[expanded])
    address = f"/api/v1/articles/{article['id']}/?expand={EXPANDED if whole else expanded}"
    shown = anonymous.get(address).json()[expanded]
    (one, *_) = shown if isinstance(shown, list) else [shown]
    kind = {"source": Source, "persons": Person, "countries": Country, "events": Event}[expanded]
    key = "code" if expanded == "countries" else "slug"
    text = "title" if expanded == "events" else "name"
    saved(kind.objects.get(**{key: one[key]}), **{text: "اسم جديد"})
    found = anonymous.get(address).json()[expanded]
    assert "اسم جديد" in {one[text] for one in (found if isinstance(found, list) else [found])}


# --- Every way in which what an article shows can change ------------------------------------------


@pytest.fixture
def shown(world):
    """The world, and whatever else articles show."""
    for article in Article.objects.all()[:5]:
        make.ArticleAbstractFactory(article=article)
        make.ArticleTextFactory(article=article, body=f"نص {article.pk}")
    rejected = make.EventFactory(status=Status.REJECTED)
    text = make.ArticleTextFactory(length=900)
    make.CitationFactory(text=text, start=1, event=rejected)
    # Citations rest on facts, and these on events.
    cited = {
        "participation": make.ParticipationFactory(),
        "office": make.OfficeFactory(),
        "link": make.EventLinkFactory(),
        "succession": make.SuccessionFactory(),
    }
    for start, (column, fact) in enumerate(cited.items(), 2):
        make.CitationFactory(text=text, start=start, **{column: fact})


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_ready_follows_every_change(shown, change):
    ready.make()
    before = right()
    with transaction.atomic():
        for attempt in range(20):
            with suppress(DatabaseError), transaction.atomic():
                CHANGES[change](Random(attempt))
            found, after = in_step(), right()
            assert found.items() <= after.items()
            if after != before:
                break
    assert after != before  # the change is one that shows
    ready.make()
    assert in_step() == after
    assert ready.behind() == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from([*CHANGES, "made ready", "a few made ready"]), min_size=3, max_size=12),
    random=st.randoms(use_true_random=False),
)
def test_what_is_ready_follows_any_changes_in_any_order(shown, steps, random):
    with transaction.atomic():
        for step in steps:
            if step in CHANGES:
                # What is not there any more, or is there already, changes nothing.
                with suppress(DatabaseError, IndexError), transaction.atomic():
                    CHANGES[step](Random(random.random()))
            else:
                ready.make(batch=3, limit=4 if "few" in step else None)
        now = right()
        assert in_step().items() <= now.items()
        ready.make()
        assert in_step() == now
        transaction.set_rollback(True)


def test_what_triggers_and_purges_know_of_is_what_is_kept():
    kept: dict[str, set[str]] = {}
    for name, one in ready.KEPT.items():
        kept.setdefault(one.model._meta.model_name, set()).add(name)
    assert kept == {table: set(names) for table, names in RESOURCES.items()}


@pytest.mark.parametrize("resource", ready.KEPT)
def test_there_is_a_rule_for_every_table_that_the_statement_reads(resource):
    read = set(re.findall(r'"archive_(\w+)"', made(ready.KEPT[resource]).sql))
    assert read == {table for table, rules in OF.items() for rule in rules if rule.resource == resource}


# One of these is another value than a row has, for a column of each type that there is.
OTHERS = [
    "غيره",
    "ZY",
    "ZZZY",
    "1931-02",
    "1931-02-03",
    "accepted",
    "rejected",
    None,
    "{ar}",
    "agree",
    "consult",
]
NAMED = {
    Article: lambda: Article.objects.values_list("pk", flat=True)[:4],
    Source: lambda: Article.objects.values_list("source", flat=True),
    SourceCollection: lambda: SourceCollection.objects.values_list("pk", flat=True),
    **{
        model: partial(ArticleSubject.objects.exclude(**{column: None}).values_list, column, flat=True)
        for model, column in ((Person, "person"), (Country, "country"), (Event, "event"))
    },
}


@pytest.mark.parametrize("model", NAMED)
def test_what_is_ready_follows_every_column_of_what_articles_name(shown, model):
    """Written by hand, past Django: a column that is shown and has no rule would be found."""
    ready.make()
    changed = set()
    others = [*OTHERS, *Source.objects.values_list("pk", flat=True)[:2]]
    for field, other, pk in product(model._meta.concrete_fields, others, set(NAMED[model]())):
        column = field.column
        if column == "id" or column in changed:
            continue
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE id = %s', [other, pk])
            assert in_step().items() <= right().items(), column
            changed.add(column)
            transaction.set_rollback(True)
    rules = [rule for rule in OF[model._meta.model_name] if isinstance(rule, Named)]
    columns = {column.strip().strip('"') for rule in rules for column in rule.columns.split(",")}
    assert columns <= changed  # it was tried


# --- Keeping it -----------------------------------------------------------------------------------


def test_a_rename_that_shows_nowhere_marks_nothing(world):
    ready.make()
    Person.objects.update(description="وصف آخر")
    Country.objects.update(note="ملاحظة")
    Source.objects.update(city="البصرة")
    Event.objects.update(place="بغداد")
    assert not StaleRecord.objects.filter(resource="article").exists()


def test_a_transaction_marks_an_article_once(world):
    ready.make()
    text = make.ArticleTextFactory(length=900)
    for start in range(5):
        make.MentionFactory(text=text, start=start * 20, person=make.PersonFactory())
    assert StaleRecord.objects.filter(resource="article", record=text.article_id).count() == 1


def test_another_version_makes_all_anew(world):
    ready.make()
    ReadyRecord.objects.update(version=7)
    assert not in_step()
    assert ready.behind() == records()
    assert ready.make(batch=3) == records()
    assert in_step() == right()


def test_what_is_broken_off_goes_on(world):
    assert ready.make(batch=2, limit=2) == 2
    assert len(in_step()) == 2
    seen = []
    ready.make(batch=2, progress=seen.append)
    assert sum(seen) == records() - 2


def test_nothing_is_kept_of_a_deleted_article(world):
    ready.make()
    article = make.ArticleFactory()
    ready.make()
    article.delete()
    ready.make()
    kept = ReadyRecord.objects.filter(resource="article").values_list("record", flat=True)
    assert set(kept) == set(Article.objects.values_list("pk", flat=True))


def test_the_command(world, capsys):
    call_command("ready_records")
    assert f"records made ready: {records()}; behind: 0" in capsys.readouterr().out
