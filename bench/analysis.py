"""How many articles a second the analyser reads, on one core.

    python -m bench.analysis [ARTICLES]

Made-up articles (bench.synthetic) of some 300 words, 5,000 by default. "First" has every word to work
out when it comes first, as after a start; "again" knows the words. CPU time, not the clock's: other
work on the machine does not count.
"""

import sys
from time import process_time

from archive.search.vectors import BODY, TITLE, Part, vector
from archive.text import analyze
from bench.synthetic import article


def main() -> None:
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    made = [article(number, amount) for number in range(amount)]
    analyze("بغداد", "ar")  # reads the lexicon
    ways = {
        "analyze, first": lambda one: analyze(one.body, "ar"),
        "analyze, again": lambda one: analyze(one.body, "ar"),
        "vector of title and body": lambda one: vector(
            [Part(one.title, "ar", TITLE), Part(one.body, "ar", BODY)]
        ),
    }
    print(f"{amount:,} articles, {sum(len(one.body.split()) for one in made) / amount:.0f} words each")
    print(f"{'':<28}{'ms an article':>16}{'articles a second':>20}")
    for name, way in ways.items():
        began = process_time()
        for one in made:
            way(one)
        took = process_time() - began
        print(f"{name:<28}{took / amount * 1000:>16.3f}{amount / took:>20,.0f}")


if __name__ == "__main__":
    main()
