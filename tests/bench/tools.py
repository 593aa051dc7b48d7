"""Who is compared: Tabkeeper and what a user would pick instead."""

from dataclasses import dataclass

from tests.bench.environments import REQUIREMENTS


@dataclass(frozen=True)
class Tool:
    """`module` in tests/bench/peers is how the tool is used, and the name of its requirements."""

    module: str
    package: str
    share: int = 1
    """It is run on one order in so many. Where it sends a call for each order, its figures are multiplied by that."""

    @property
    def is_ours(self) -> bool:
        return self.module == "tabkeeper"

    @property
    def title(self) -> str:
        if self.is_ours:
            return "Tabkeeper"
        pins = dict(line.split("==") for line in (REQUIREMENTS / f"{self.module}.txt").read_text().split())
        return f"{self.package} {pins[self.package]}"


TOOLS = (
    Tool("tabkeeper", "tabkeeper"),
    Tool("airflow", "airflow-provider-google-sheets"),
    Tool("gspread", "gspread"),
    Tool("gspread_dataframe", "gspread-dataframe"),
    Tool("pygsheets", "pygsheets"),
    Tool("target_gsheet", "target-gsheet", share=20),
)
