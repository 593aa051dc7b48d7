from infra.local.http_target.limits import DeadlineRange
from infra.local.service import argument_parser, run_until_terminated
from infra.local.tasks.server import start

if __name__ == "__main__":
    parser = argument_parser("tasks", summary="Cloud Tasks v2 over gRPC, on this machine.")
    parser.add_argument("--identity", required=True, help="URL of the local identity service")
    parser.add_argument(
        "--min-deadline-s", type=float, default=DeadlineRange.min_s, help="shortest dispatch deadline accepted"
    )
    options = parser.parse_args()
    service = start(
        identity=options.identity,
        port=options.port,
        state=options.state,
        deadlines=DeadlineRange(min_s=options.min_deadline_s),
    )
    run_until_terminated("tasks", service)
