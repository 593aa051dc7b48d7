"""How resources of Google's APIs are named (references of Queue.name and Job.name)."""

import re

from infra.local.rpc_error import invalid_argument

LOCATION = "projects/[A-Za-z0-9:.-]+/locations/[A-Za-z0-9-]+"
LOCATION_FORM = "projects/<PROJECT_ID>/locations/<LOCATION_ID>"


def check_name(pattern: str, name: str, *, what: str, form: str) -> None:
    if not re.fullmatch(pattern, name):
        raise invalid_argument(f'{what} name must be formatted: "{form}"')


def check_location(name: str) -> None:
    check_name(LOCATION, name, what="Location", form=LOCATION_FORM)


def last_part(name: str) -> str:
    return name.rpartition("/")[2]
