"""What stands in a statement in the place of values, so that it is made once for all that differ in those.

To have the ORM make a statement takes longer than to run it, where few rows are asked for.
"""

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q

from archive.models.sql import Statement

# Ids are positive; the archive's days are of a later year than the first thousands of days; no query that
# words are looked up by begins so.
FAR: Final = 10**15
NO_QUERY: Final = "\1"


class Marks:
    """Takes ids, or what selects one, days and tsqueries out of conditions: nothing else is like their marks.

    Conditions that differ in those alone are equal when lifted. `values` is what the marks stand for
    (Statement.filled).
    """

    def __init__(self) -> None:
        self.values: dict[Any, Any] = {}

    def lift(self, condition: Q) -> Q:
        children = [
            self.lift(child) if isinstance(child, Q) else self._leaf(child) for child in condition.children
        ]
        return Q(*children, _connector=condition.connector, _negated=condition.negated)

    def _leaf(self, child: Any) -> Any:
        match child:
            # By exact types: a bool is an int, and asks another question.
            case (path, [*ids]) if {type(pk) for pk in ids} in ({int}, {Statement}):
                return path, tuple(self.mark(-FAR - len(self.values), pk) for pk in ids)
            case (path, value) if type(value) is date:
                return path, self.mark(date.min + timedelta(len(self.values)), value)
            case (str(path), str(value)) if path.endswith("__matches"):
                return path, self.mark(f"{NO_QUERY}{len(self.values)}", value)
        return child

    def mark(self, mark: Any, value: Any) -> Any:
        """`mark`, which stands for `value`."""
        self.values[mark] = value
        return mark
