"""Schemathesis against a running archive, by the checked-in schema: all its checks, reads and writes.

    python -m tests.tools.fuzz                 everything: some 16,000 cases
    python -m tests.tools.fuzz --short         a part of it, for CI
    python -m tests.tools.fuzz --seed 7        other random values

    python -m tests.tools.fuzz --data FOLDER   on an archive that has been started before

The archive is `manage.py up` with data of its own, which goes with it. Exits 1 where something is found.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.monitor.processes import Up
from tests.tools.schema import SNAPSHOT

ALL = ("examples", "coverage", "fuzzing", "stateful")
# What says no to a wrong request: schemathesis knows not of 414, an address that is wrong and too long.
REJECTED = ["400", "401", "403", "404", "405", "406", "409", "411", "413", "414", "415"]
# Cases of an operation in the phase that draws them at random.
CASES, SHORT_CASES = 12, 4


class Run(NamedTuple):
    """Who asks, what they may, and how much of it."""

    who: str
    phases: tuple[str, ...]
    cases: int


def plan(short: bool) -> list[Run]:
    """What is run. CI leaves out the phase that goes through all values of all parameters, one by one."""
    if short:
        return [
            Run("administrator", ("examples", "fuzzing", "stateful"), SHORT_CASES),
            Run("reader", ("examples", "fuzzing"), 1),
        ]
    return [Run("administrator", ALL, CASES), Run("reader", ("examples", "fuzzing", "stateful"), CASES // 4)]


class Findings:
    """What a run did, and what it found."""

    def __init__(self) -> None:
        self.cases, self.excused, self.statuses, self.checks = 0, 0, Counter(), Counter()
        self.failures: dict[tuple[str, str], str] = {}
        self.errors: list[str] = []

    def take(self, event: Any) -> None:
        """Add what an event of schemathesis tells."""
        from schemathesis.engine import Status, events

        if isinstance(event, events.NonFatalError | events.FatalError):
            self.errors.append(str(getattr(event, "info", None) or event))
        if not isinstance(event, events.ScenarioFinished):
            return
        recorder = event.recorder
        self.cases += len(recorder.cases)
        self.excused += sum(recorder.filtered_failures.values())
        for one in recorder.interactions.values():
            self.statuses[one.response.status_code if one.response else "none"] += 1
        for case, nodes in recorder.checks.items():
            for node in nodes:
                self.checks[node.name] += 1
                if node.status is Status.FAILURE and node.failure_info:
                    found, answer = node.failure_info, recorder.interactions.get(case)
                    text = answer.response.text[:600] if answer and answer.response else ""
                    label = f"{recorder.cases[case].value.operation.label}: {found.failure.title}"
                    said = f"{found.failure.message}\n{found.code_sample[:1500]}\n{text}"
                    self.failures.setdefault((label, node.name), said)


def fuzz(run: Run, url: str, token: str, seed: int, settle: Callable[[Any], None]) -> Findings:
    """Run schemathesis on the archive at `url`. `settle` makes of a right request one that can be met."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import from_schema

    generation = {"max-examples": run.cases, "deterministic": False, "no-shrink": True, "database": "none"}
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": url,
            "headers": {"Authorization": f"Token {token}"},
            "continue-on-failure": True,
            # A text has no NUL: that is said of all of them, once, in tests/api/test_hostile_bodies.py.
            "generation": {**generation, "allow-x00": False},
            "phases": {name: {"enabled": name in run.phases} for name in ALL},
            "checks": {"enabled": True, "negative_data_rejection": {"expected-statuses": REJECTED}},
            "suppress-health-check": ["all"],
        }
    )
    schema = schemathesis.openapi.from_path(SNAPSHOT, config=config)

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: dict) -> None:
        settle.renew(case)
        if case.meta and case.meta.generation.mode.is_positive:
            settle(case)

    @schema.hook
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        return not (type(failure).__name__ == "RejectedPositiveData" and is_beyond_schema(response))

    found = Findings()
    try:
        for event in from_schema(schema).execute():
            found.take(event)
    finally:
        schemathesis.hooks.unregister_all()
    return found


def is_beyond_schema(response: Any) -> bool:
    """Whether a right request was refused for what no schema can say, by the codes of the problem.

    There is no such record, or one stands in the way; or a rule of the database was broken that looks at
    several values. A rule that looks at one value the schema could tell. Each row of a list is looked at by
    itself.
    """
    rows: dict[str, list[str]] = {}
    for error in response.json().get("errors", []) if response.status_code == 400 else []:
        row = re.match(r"/\d+(?=/|$)", error.get("pointer", ""))
        rows.setdefault(row[0] if row else "", []).append(error["code"])
    return bool(rows) and all(
        set(codes) <= {"does_not_exist", "conflict", "refused"} and codes.count("refused") != 1
        for codes in rows.values()
    )


def report(run: Run, found: Findings, seconds: float) -> None:
    print(f"\n{run.who}: {', '.join(run.phases)}: {found.cases} cases in {seconds:.0f} s")
    print("  answers: ", ", ".join(f"{code}: {n}" for code, n in sorted(found.statuses.items(), key=str)))
    print("  checks:  ", ", ".join(f"{name}: {n}" for name, n in sorted(found.checks.items())))
    print(f"  refused for what no schema can say: {found.excused}")
    print(f"  found:    {len(found.failures) + len(found.errors)}")
    for (label, check), said in found.failures.items():
        print(f"\n--- {label} ({check})\n{said}")
    for error in found.errors:
        print(f"\n--- {error}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a part of it, for CI")
    parser.add_argument("--seed", type=int, default=1, help="other random values (1)")
    parser.add_argument("--data", type=Path, help="the data directory of an archive, which is written to")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder) / "data"
        # What the server says at the end is worth reading without a line for each of all these requests.
        closed = {"ARCHIVE_ANONYMOUS_READ": "0", "ARCHIVE_HTTPS": "0", "ARCHIVE_LOG_REQUESTS": "0"}
        with Up(data, "--no-worker", **closed) as up:
            os.environ.update({"ARCHIVE_DATA_DIR": str(data), **closed})
            os.environ["DJANGO_SETTINGS_MODULE"] = "monitor.settings"
            import django

            django.setup()
            from tests.tools.fuzzed import Settling, populate

            tokens = populate()
            bad = False
            for run in plan(options.short):
                began = time.monotonic()
                found = fuzz(run, up.address, tokens[run.who], options.seed, Settling())
                report(run, found, time.monotonic() - began)
                bad = bad or bool(found.failures or found.errors) or not found.cases
            said = up.said
        print(f"\nthe server said:\n{said}")
        return 1 if bad or "Traceback" in said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
