from infra.local.http_target.limits import DeadlineRange
from infra.local.scheduler.server import start
from infra.local.service import argument_parser, run_until_terminated

if __name__ == "__main__":
    parser = argument_parser("scheduler", summary="Cloud Scheduler v1 over gRPC, on this machine.")
    parser.add_argument("--identity", required=True, help="URL of the local identity service")
    parser.add_argument(
        "--min-deadline-s", type=float, default=DeadlineRange.min_s, help="shortest attempt deadline accepted"
    )
    options = parser.parse_args()
    service = start(
        identity=options.identity,
        port=options.port,
        state=options.state,
        deadlines=DeadlineRange(min_s=options.min_deadline_s),
    )
    run_until_terminated("scheduler", service)
