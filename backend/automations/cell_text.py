"""A value as a cell shows it, where its column has no number format of its own. Pure."""

from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from backend.platforms.field import ColumnType, Value

_CENT = Decimal("0.01")


def cell_text(value: Value, column_type: ColumnType, *, zone: tzinfo) -> str:
    """What does not fit its type is shown as it is, as it is written."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).upper() if column_type is ColumnType.BOOLEAN else str(value).lower()
        case datetime():
            return _moment(value, column_type, zone)
        case date():
            return f"{value} 00:00:00" if column_type is ColumnType.DATETIME else value.isoformat()
        case _:
            return _number(Decimal(value), column_type)


def _moment(value: datetime, column_type: ColumnType, zone: tzinfo) -> str:
    match column_type:
        case ColumnType.DATE:
            return value.astimezone(zone).date().isoformat()
        case ColumnType.DATETIME:
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case _:
            return value.isoformat()


def _number(value: Decimal, column_type: ColumnType) -> str:
    number = value + 0  # which makes a zero of a negative one
    match column_type:
        case ColumnType.MONEY:
            return f"{number.quantize(_CENT, ROUND_HALF_UP):,}"
        case ColumnType.INTEGER:
            return f"{number.quantize(Decimal(1), ROUND_HALF_UP)}"
        case ColumnType.NUMBER:
            return f"{number.normalize():f}"
        case _:
            return str(value)
