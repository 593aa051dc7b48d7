"""`make conformance`: one line a service, and the reason where one is skipped. Ends with 1 when one falls short."""

import subprocess
import sys

SUITES = ("firestore", "sheets", "shopify")


def main() -> int:
    failed = [suite for suite in SUITES if _run(suite)]
    if failed:
        sys.stdout.write(f"falls short: {', '.join(failed)}\n")
    return int(bool(failed))


def _run(suite: str) -> int:
    return subprocess.run([sys.executable, "-m", f"tests.conformance.{suite}"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
