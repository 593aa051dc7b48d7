"""`python -m infra.local demo`: a shop's real orders arrive in a spreadsheet tab, from nothing, on one command."""

import argparse
from pathlib import Path
from typing import Any

from infra.local.demo.main_job import MainJob
from infra.local.demo.refusal import Refused
from infra.local.demo.screen import Screen
from infra.local.process import NotStarted
from infra.local.stack import CHECKOUT, Stack
from infra.local.stopping import Stopped, Stopping

SAMPLE = CHECKOUT / "infra/local/shopify/sample/uci_online_retail_sample.csv.gz"
STATE = CHECKOUT / ".state/demo"
EX_STOPPED = 130
"""As shells have it for a command that was ended by Ctrl-C before it was through."""


def add_demo(commands: Any) -> None:
    demo = commands.add_parser("demo", help="start everything and run the main job")
    demo.add_argument("--data", type=Path, default=SAMPLE, help="CSV in the columns of UCI Online Retail, plain or .gz")
    demo.add_argument("--state", type=Path, default=None, help="folder for the state; one a data file by default")
    demo.add_argument("--quota", choices=["real", "off"], default="real", help="Google's quotas a minute, or none")
    demo.add_argument("--once", action="store_true", help="end after the run")
    demo.set_defaults(run=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    screen = Screen()
    stopping = Stopping()
    data: Path = arguments.data
    if not data.is_file():
        screen.fail(f"there is no file {data}")
        return 1
    state = arguments.state or STATE / data.name.split(".")[0]

    def tell(name: str) -> None:
        stopping.check()
        screen.is_up(name)

    status = EX_STOPPED
    try:
        screen.say(f"Starting everything on this machine; state and logs go to {state}")
        with Stack(state, quota=arguments.quota, tell=tell) as stack, stopping.at_once():
            job = MainJob(stack, screen)
            status = job.play(data)
            if status == 0 and not arguments.once:
                screen.say(
                    f"\nSee it in a browser, with the add-on beside it:\ndesk: {stack.desk_url(sheet_id=job.sheet_id)}"
                )
                screen.say("\nEverything stays up; Ctrl-C ends it.")
                stopping.wait()
    except (NotStarted, Refused) as error:
        screen.fail(str(error))
        return 1
    except Stopped:
        if status != 0:
            screen.say("\nStopped. The same command goes on from here.")
    return status
