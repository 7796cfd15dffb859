"""Which articles answer a query, how well, and by which way the database had best look for them."""

from django.db.models import Q, QuerySet

from archive.search.query import Query
from archive.search.ranking import Rank
from archive.search.similar import any_of, rarest_terms


def matching(articles: QuerySet, query: Query, statuses: list[str]) -> QuerySet:
    """Those of `articles` that answer `query`, of the facts those with `statuses` counting.

    They can be ordered by `rank`, which costs nothing unless it is asked for.
    """
    return articles.filter(query.condition(statuses)).alias(rank=Rank("index__vector", query.ranking_terms()))


def like(articles: QuerySet, article_id: int) -> QuerySet:
    """Those of `articles` that share the rarest terms of an article, which is not among them.

    They can be ordered by `rank`. None, where no other article has a term of it.
    """
    terms = rarest_terms(article_id)
    condition = Q(index__vector__matches=any_of(terms)) if terms else Q(pk__in=[])
    return articles.filter(condition).exclude(pk=article_id).alias(rank=Rank("index__vector", terms))
