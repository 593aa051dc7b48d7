"""`python -m infra.local up`: everything, until SIGTERM or Ctrl-C; `… demo`: the main job on top (infra.local.demo)."""

import argparse
import json
import sys
from pathlib import Path

from infra.local.demo.command import add_demo
from infra.local.process import NotStarted
from infra.local.stack import Stack
from infra.local.stopping import Stopped, Stopping

DEFAULT_STATE = Path(".state/local")


def up(arguments: argparse.Namespace) -> int:
    stopping = Stopping()

    def tell(name: str) -> None:
        stopping.check()
        _say(f"{name} is up")

    try:
        with Stack(arguments.state, quota=arguments.quota, tell=tell) as stack:
            _say(json.dumps({"state": str(stack.state), **stack.urls}, indent=2))
            _say(f"desk: {stack.desk_url()}")
            stopping.wait()
    except NotStarted as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Stopped:
        return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = parser.add_subparsers(required=True)
    start = commands.add_parser("up", help="start every service and the backend")
    start.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder that survives a restart")
    start.add_argument("--quota", choices=["real", "off"], default="real", help="Google's quotas a minute, or none")
    start.set_defaults(run=up)
    add_demo(commands)
    arguments = parser.parse_args()
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
