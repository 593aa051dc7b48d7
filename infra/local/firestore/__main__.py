from pathlib import Path

from infra.local.firestore.server import TTL_SWEEP_S, start
from infra.local.service import argument_parser, run_until_terminated

NAME = "firestore"


def main() -> None:
    parser = argument_parser(NAME, summary="Firestore v1 over gRPC; point FIRESTORE_EMULATOR_HOST at it.")
    parser.add_argument("--indexes", type=Path, help="firestore.indexes.json: what is declared there, as in production")
    parser.add_argument("--ttl-sweep-s", type=float, default=TTL_SWEEP_S, help="how often expired documents go")
    arguments = parser.parse_args()
    service = start(
        port=arguments.port, state=arguments.state, indexes=arguments.indexes, ttl_sweep_s=arguments.ttl_sweep_s
    )
    run_until_terminated(NAME, service)


if __name__ == "__main__":
    main()
