"""What the archive forgets by itself when it has had it for so long: bodies of texts, and history.

How long, the settings say (ARCHIVE_KEEP_BODIES_DAYS, ARCHIVE_KEEP_HISTORY_DAYS); as they stand, nothing is
forgotten. A text that loses its body keeps its hash, its length and all evidence with its offsets. Each batch
is a transaction of its own: this runs while the archive serves, can be broken off, and be run again.
"""

from datetime import datetime

from django.apps import apps
from django.db import connection
from django.db.models import Model

from archive.curate.history import acting
from archive.curate.purge import forget_contexts
from archive.models import ArticleText

BODIES = 200
ROWS = 5_000


def forget_bodies(before: datetime, batch: int = BODIES) -> int:
    """Remove the bodies of texts that were added before that moment. Returns how many.

    The articles are then found by their titles and abstracts.
    """
    forgotten = 0
    while True:
        with acting(f"bodies from before {before:%Y-%m-%d} forgotten"):
            old = ArticleText.objects.filter(body__isnull=False, added__lt=before).order_by("pk")
            texts = list(old.select_for_update(no_key=True).values_list("pk", flat=True)[:batch])
            ArticleText.objects.filter(pk__in=texts).update(body=None)
        forgotten += len(texts)
        if len(texts) < batch:
            return forgotten


def forget_history(before: datetime, batch: int = ROWS) -> int:
    """Remove history rows from before that moment, of what is there still and of what is gone.

    Returns how many. Who, why and which request of these goes too, where no row names it any more.
    """
    histories = [m for m in apps.get_app_config("archive").get_models() if hasattr(m, "pgh_tracked_model")]
    return sum(_forget(model, before, batch) for model in histories)


def _forget(history: type[Model], before: datetime, batch: int) -> int:
    # Rows stand in the order of their ids about as they came: the first ones are looked at, and when none
    # of them is old any more, this ends. No index on the time is needed.
    forget = (
        f"DELETE FROM {history._meta.db_table} WHERE pgh_created_at < %s AND pgh_id IN"
        f" (SELECT pgh_id FROM {history._meta.db_table} ORDER BY pgh_id LIMIT %s)"
        " RETURNING pgh_context_id"
    )
    forgotten = 0
    while True:
        with acting(""), connection.cursor() as cursor:
            cursor.execute(forget, [before, batch])
            contexts = [context for (context,) in cursor.fetchall()]
            forget_contexts({context for context in contexts if context})
        forgotten += len(contexts)
        if not contexts:
            return forgotten
