"""What an attempt makes its rows under, and where a run begins that is carried out so."""

from dataclasses import dataclass
from datetime import timedelta

from backend.automations.model import SUMS, Automation
from backend.platforms.field import Catalogue
from backend.runs.model import Run, RunCheckpoint, RunKind
from jobs.export.rows import RowMaker
from jobs.sheets.tab import ManagedTab

OVERLAP = timedelta(minutes=10)
"""How far before the newest change seen an incremental run begins: changes become visible late and out of order."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The configuration and the time zone that an attempt begins with are its own to the end."""

    fingerprint: str
    maker: RowMaker
    beginning: RunCheckpoint


def terms_of(run: Run, automation: Automation, catalogue: Catalogue, *, tab: ManagedTab) -> Terms:
    """`tab` has just been opened. A run goes through everything (`since` None) in a repair, where rows are sums, and
    unless an earlier one completed under the same configuration.
    """
    fingerprint = f"{automation.configuration.fingerprint()}:{tab.zone}"
    progress = automation.progress
    whole = run.kind is RunKind.REPAIR or automation.configuration.resource in SUMS
    doubtful = tab.unfilled or tab.index.torn_overflow
    everything = whole or doubtful or progress.fingerprint != fingerprint
    since = None if everything or progress.watermark is None else progress.watermark - OVERLAP
    beginning = RunCheckpoint(
        since=since,
        # the columns to be filled are others when a person adds one again meanwhile
        fingerprint=":".join([fingerprint, *sorted(tab.unfilled)]),
        named=bool(run.order_ids) and since is not None,
    )
    return Terms(fingerprint, RowMaker(automation, catalogue, zone=tab.zone), beginning)
