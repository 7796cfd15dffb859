"""How many EDTF dates a second `archive.text.parse_edtf` reads, on one core.

    python -m bench.dates

A million distinct dates of each sort; distinct, because nothing may be won by a cache.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, product
from time import perf_counter

from archive.text import parse_edtf

FIRST = date(1, 1, 1)
MARKS = ("", "?", "~", "%")


def days() -> Iterator[str]:
    """2021-08-23, every day from year 1 on."""
    return ((FIRST + timedelta(days=n)).isoformat() for n in range(3_600_000))


def months() -> Iterator[str]:
    """2021-08?, with each qualifier."""
    return (f"{y:04}-{m:02}{mark}" for y, m, mark in product(range(1, 10_000), range(1, 13), MARKS))


def moments() -> Iterator[str]:
    """2021-08-23T10:00:00+03:00."""
    return (f"{day}T{n % 24:02}:00:00+03:00" for n, day in enumerate(islice(days(), 400, None)))


def main() -> None:
    print(f"{'dates':<10}{'read':>12}{'seconds':>10}{'a second':>12}")
    for sort in (days, months, moments):
        texts = list(islice(sort(), 1_000_000))
        began = perf_counter()
        for text in texts:
            parse_edtf(text)
        took = perf_counter() - began
        print(f"{sort.__name__:<10}{len(texts):>12,}{took:>10.2f}{len(texts) / took:>12,.0f}")


if __name__ == "__main__":
    main()
