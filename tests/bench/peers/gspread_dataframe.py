"""gspread-dataframe: read the tab as a frame, put the changed orders into it, write the frame."""

import pandas as pd  # type: ignore[import-not-found, import-untyped, unused-ignore]
from gspread_dataframe import get_as_dataframe, set_with_dataframe  # type: ignore[import-not-found]

from tests.bench.peers.errand import Errand
from tests.bench.peers.gspread import opened


def take(errand: Errand) -> pd.DataFrame:
    return pd.DataFrame(errand.rows, columns=errand.headers, dtype=object)


def export(errand: Errand, frame: pd.DataFrame) -> None:
    tab = opened(errand)
    key = errand.headers[0]
    standing = get_as_dataframe(tab, dtype=object, keep_default_na=False)
    if key in standing.columns:
        frame = merged(standing.set_index(key), frame.set_index(key)).reset_index()
    set_with_dataframe(tab, frame)


def merged(standing: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    known = changed.index.intersection(standing.index)
    standing.loc[known, changed.columns] = changed.loc[known]
    return pd.concat([standing, changed.drop(index=known)]).fillna("")
