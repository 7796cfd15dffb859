"""Articles are taken down from their page, by who may, after a look and with a reason."""

import pytest
from django.urls import reverse

from archive.models import Article, Purge
from tests import factories as make
from tests.admin.desk import staff

pytestmark = pytest.mark.django_db

MAY = ("view_article", "change_article", "purge_article")


@pytest.fixture
def article():
    return make.ArticleTextFactory(body="نص").article


def page(article):
    return reverse("admin:archive_article_purge", args=[article.pk])


def test_its_page_shows_what_goes(client, article):
    staff(client, *MAY)
    shown = client.get(page(article))
    assert article.title in shown.content.decode()
    assert shown.context["removal"].rows["نصوص"] == 1
    assert Article.objects.exists()


def test_it_is_taken_down_with_a_reason(client, article):
    user = staff(client, *MAY)
    answer = client.post(page(article), {"reason": "أمر من المحكمة"}, follow=True)
    assert article.title not in answer.content.decode()
    assert not Article.objects.exists()
    stone = Purge.objects.get()
    assert (stone.article, stone.reason, stone.editor) == (article.pk, "أمر من المحكمة", user)


def test_who_has_the_same_text_is_named_when_it_is_done(client, article):
    staff(client, *MAY)
    other = make.ArticleTextFactory(body="نص").article
    answer = client.post(page(article), {"reason": "x"}, follow=True)
    assert any(str(message).endswith(f": {other.pk}") for message in answer.context["messages"])


def test_without_a_reason_nothing_is_removed(client, article):
    staff(client, *MAY)
    answer = client.post(page(article), {"reason": " "})
    assert answer.context["problem"]
    assert Article.objects.exists()


def test_who_may_change_may_not_take_down(client, article):
    staff(client, "view_article", "change_article", "delete_article")
    assert client.get(page(article)).status_code == 403
    assert client.post(page(article), {"reason": "x"}).status_code == 403
    assert (
        page(article)
        not in client.get(reverse("admin:archive_article_change", args=[article.pk])).content.decode()
    )
    assert Article.objects.exists()


def test_who_may_sees_the_way_there(client, article):
    staff(client, *MAY)
    shown = client.get(reverse("admin:archive_article_change", args=[article.pk]))
    assert page(article) in shown.content.decode()


def test_what_was_taken_down_is_listed_and_not_changed(client):
    stone = make.PurgeFactory()
    staff(client, "view_purge")
    assert stone.reason in client.get(reverse("admin:archive_purge_changelist")).content.decode()
    change = reverse("admin:archive_purge_change", args=[stone.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"reason": "x"}).status_code == 403
    assert client.get(reverse("admin:archive_purge_add")).status_code == 403


def test_who_may_delete_a_stone_allows_the_article_again(client):
    stone = make.PurgeFactory()
    staff(client, "view_purge", "delete_purge")
    client.post(reverse("admin:archive_purge_delete", args=[stone.pk]), {"post": "yes"})
    assert not Purge.objects.exists()
