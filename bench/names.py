"""How fast persons are found by name among many, and how well across scripts.

    python -m bench.names [PERSONS]

Makes a scratch database with PERSONS persons (300,000), each with a name in Arabic, one in Latin and one in
Cyrillic letters; a few given names belong to many, as they do in life. Prints the database time of a search
by kind of query. Then it stores the thirty people of the public set `names/people.tsv` (ARCHIVE_TEST_DATA,
by default ../shared/data beside the repository) among them, in one script only, and looks for them in others.
"""

import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("ARCHIVE_DATA_DIR", str(ROOT / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction

from archive.models import Person, PersonName
from archive.search.names import Asked, search
from archive.text import fold, sound

DATA = Path(os.environ.get("ARCHIVE_TEST_DATA", ROOT.parent / "shared" / "data"))
# Queries of each kind; the first ones warm the caches and do not count.
QUERIES, WARM = 200, 20
GIVEN = """
محمد Muhammad Мухаммед|أحمد Ahmed Ахмед|علي Ali Али|حسين Hussein Хусейн|حسن Hassan Хасан
عبد الله Abdullah Абдулла|محمود Mahmoud Махмуд|إبراهيم Ibrahim Ибрагим|مصطفى Mustafa Мустафа
خالد Khalid Халид|عمر Omar Омар|يوسف Yousef Юсеф|فاطمة Fatima Фатима|مريم Maryam Марьям
سعد Saad Саад|كريم Karim Карим|جاسم Jasim Джасим|عباس Abbas Аббас|طارق Tariq Тарик|سلمان Salman Салман
زينب Zainab Зейнаб|نور Nour Нур|فؤاد Fouad Фуад|عادل Adel Адель|جمال Jamal Джамаль|سمير Samir Самир
ليلى Layla Лейла|هدى Huda Худа|ناصر Nasser Насер|رشيد Rashid Рашид|حيدر Haider Хайдер|بشار Bashar Башар
برهم Barham Бархам|صدام Saddam Саддам|قاسم Qasim Касим|هادي Hadi Хади|صالح Saleh Салех|وليد Walid Валид
ياسر Yasser Ясир|رامي Rami Рами|فيصل Faisal Фейсал|سارة Sara Сара|ماجد Majid Маджид|ضياء Diya Дия
عثمان Othman Осман|غسان Ghassan Гассан|شادي Shadi Шади|ثامر Thamer Тамер|ظافر Dhafer Зафер|زياد Ziad Зияд
"""
GIVEN_NAMES = [name.rsplit(" ", 2) for line in GIVEN.split("\n") for name in line.split("|") if name]
CONSONANTS = [
    pair.split()
    for pair in "ب b б|ت t т|ج j дж|ح h х|خ kh х|د d д|ر r р|ز z з|س s с|ش sh ш|ص s с|ط t т|غ gh г|ف f ф"
    "|ق q к|ك k к|ل l л|م m м|ن n н".split("|")
]
# How three consonants become a family name, in each script.
PATTERNS = [
    ("ال{}ا{}{}ي", "al-{}a{}i{}i", "аль-{}а{}и{}и"),
    ("ال{}{}ي{}", "al-{}a{}i{}", "аль-{}а{}и{}"),
    ("{}{}و{}", "{}a{}ou{}", "{}а{}у{}"),
    ("{}ا{}{}اني", "{}a{}{}ani", "{}а{}{}ани"),
    ("ال{}{}{}اوي", "al-{}a{}{}awi", "аль-{}а{}{}ави"),
    ("{}ي{}{}ان", "{}i{}{}an", "{}и{}{}ан"),
]
Names = tuple[str, str, str]


def people(count: int) -> Iterator[Names]:
    """Names in Arabic, Latin and Cyrillic letters: two given names and a family's; the same each time."""
    chance = random.Random(20210823)
    # By Zipf: the commonest given name is the first of every ninth.
    weights = list(accumulate(1 / (n + 2) for n in range(len(GIVEN_NAMES))))
    for _ in range(count):
        given = chance.choices(GIVEN_NAMES, cum_weights=weights, k=2)
        root = chance.choices(CONSONANTS, k=3)
        family = [
            p.format(*letters)
            for p, letters in zip(chance.choice(PATTERNS), zip(*root, strict=True), strict=True)
        ]
        one, two, three = (" ".join(words) for words in zip(*given, family, strict=True))
        yield one, two.title(), three.title()


def load(rows: Iterable[tuple[int, str, list[str]]]) -> None:
    """Persons of `(id, name, names)` by COPY, past the triggers, which measure nothing here."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("archive_person", "archive_personname"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        rows = list(rows)
        with cursor.copy(
            "COPY archive_person (id, slug, name, name_folded, name_sound, description) FROM STDIN"
        ) as copy:
            for pk, name, _ in rows:
                copy.write_row((pk, f"p-{pk}", name, fold(name), sound(name), ""))
        with cursor.copy(
            "COPY archive_personname (person_id, text, text_folded, text_sound, language, kind) FROM STDIN"
        ) as copy:
            for pk, _, names in rows:
                for name in names:
                    copy.write_row((pk, name, fold(name), sound(name), "und", "alias"))


def milliseconds(query: str) -> float:
    """What the statements of a search and of its first page take, as the driver sees it."""
    took = 0.0

    def timed(execute: Callable, *arguments: Any) -> Any:
        nonlocal took
        began = perf_counter()
        try:
            return execute(*arguments)
        finally:
            took += perf_counter() - began

    with connection.execute_wrapper(timed):
        list(search(Person.objects.all(), Asked(query)).order_by("score", "pk")[:51])
    return took * 1000


def misspelt(name: str, chance: random.Random) -> str:
    """`name` with two letters changed in places, or one left out, not the first of a word."""
    at = chance.choice([n for n in range(1, len(name) - 1) if " " not in name[n - 1 : n + 2]])
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return chance.choice([swapped, name[:at] + name[at + 1 :]])


def times(known: list[Names]) -> None:
    chance = random.Random(1)
    kinds: dict[str, Callable[[Names], str]] = {
        "whole name, Arabic": lambda names: names[0],
        "whole name, Latin": lambda names: names[1],
        "family name, Arabic": lambda names: names[0].split()[-1],
        "given name, Latin": lambda names: names[1].split()[0],
        "3 letters, Arabic": lambda names: names[0][:3],
        "3 letters, Latin": lambda names: names[1][:3],
        "3 letters of 2nd word": lambda names: " ".join([names[0].split()[0], names[0].split()[1][:3]]),
        "1 letter, Arabic": lambda names: names[0][:1],
        "misspelt, Arabic": lambda names: misspelt(names[0], chance),
        "misspelt, Latin": lambda names: misspelt(names[1], chance),
        "misspelt family name": lambda names: misspelt(names[1].split()[-1], chance),
        "not there": lambda names: misspelt(names[1], chance)[::-1],
    }
    print(f"{'query':<24}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    for kind, make in kinds.items():
        took = [milliseconds(make(names)) for names in chance.sample(known, QUERIES + WARM)][WARM:]
        print(f"{kind:<24}{median(took):>9.1f}{quantiles(took, n=20)[-1]:>9.1f}{max(took):>9.1f}")


def recall(first: int) -> None:
    """How often one of the thirty is the first, or among the first five, by a name that is not stored."""
    path = DATA / "names" / "people.tsv"
    if not path.exists():
        print(f"recall: skipped, there is no {path}")
        return
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    print(f"\n{'stored -> asked':<28}{'asked':>7}{'@1':>7}{'@5':>7}")
    arabic, latin, variant, cyrillic = range(4)
    for stored, asked in (
        (arabic, latin),
        (arabic, variant),
        (arabic, cyrillic),
        (latin, arabic),
        (latin, variant),
        (latin, cyrillic),
    ):
        with transaction.atomic():
            load((first + n, row[stored], []) for n, row in enumerate(rows))
            at_1 = at_5 = 0
            for n, row in enumerate(rows):
                best = search(Person.objects.all(), Asked(row[asked])).order_by("score", "pk")
                found = list(best.values_list("pk", flat=True)[:5])
                at_1 += found[:1] == [first + n]
                at_5 += first + n in found
                if first + n not in found:
                    print(f"    {row[stored]} is not found by {row[asked]}")
            names = ("Arabic", "Latin", "Latin variant", "Cyrillic")
            print(f"{names[stored] + ' -> ' + names[asked]:<28}{len(rows):>7}{at_1:>7}{at_5:>7}")
            transaction.set_rollback(True)


def measure(count: int) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        known = list(people(count))
        load((n, names[0], list(names)) for n, names in enumerate(known, 1))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE archive_person, archive_personname")
        print(f"{Person.objects.count():,} persons, {PersonName.objects.count():,} names\n")
        times(known)
        recall(count + 1)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    if settings.EMBEDDED is None:
        measure(count)
        return
    with settings.EMBEDDED.running({"fsync": "off", "synchronous_commit": "off"}):
        measure(count)


if __name__ == "__main__":
    main()
