from infra.local.run.runner import DEFAULT_EXECUTIONS, DEFAULT_GRACE_S
from infra.local.run.server import start
from infra.local.service import argument_parser, run_until_terminated

if __name__ == "__main__":
    parser = argument_parser("run", summary="Cloud Run jobs (Admin API v2), as processes on this machine.")
    parser.add_argument("--grace-s", type=float, default=DEFAULT_GRACE_S, help="seconds between SIGTERM and SIGKILL")
    parser.add_argument("--executions", type=int, default=DEFAULT_EXECUTIONS, help="executions that run at once")
    options = parser.parse_args()
    service = start(port=options.port, state=options.state, grace_s=options.grace_s, executions=options.executions)
    run_until_terminated("run", service)
