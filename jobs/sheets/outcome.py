"""What became of a batch's rows."""

from dataclasses import dataclass

from jobs.sheets.plan import Plan


@dataclass(slots=True)
class Outcome:
    """Rows by what became of them; a row that is written again after an unclear outcome is counted once."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    older: int = 0
    cut: int = 0

    @classmethod
    def of(cls, plan: Plan) -> "Outcome":
        written = [*plan.updates.values(), *(row for rows in plan.inserts.values() for row in rows)]
        return cls(
            added=plan.added,
            updated=len(plan.updates),
            unchanged=plan.unchanged,
            removed=plan.removed,
            older=plan.older,
            cut=sum(len(row.cut_columns) for row in written),
        )

    def add(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))
