from dataclasses import dataclass


@dataclass
class Tally:
    """What was tried."""

    worlds: int = 0
    runs: int = 0
    edits: int = 0
    faults: int = 0
    kills: int = 0
    failures: int = 0

    def line(self) -> str:
        return (
            f"worlds={self.worlds} runs={self.runs} edits={self.edits} faults={self.faults} kills={self.kills}"
            f" failures={self.failures}"
        )
