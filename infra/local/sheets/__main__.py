"""`python -m infra.local.sheets`"""

from infra.local.service import argument_parser, run_until_terminated
from infra.local.sheets.server import start


def main() -> None:
    parser = argument_parser("sheets", summary="Google Sheets v4 over REST")
    parser.add_argument("--identity", help="address of the identity service; without it any token is a user's name")
    parser.add_argument("--quota", choices=["real", "off"], default="off", help="Google's quotas a minute, or none")
    arguments = parser.parse_args()
    service = start(
        port=arguments.port,
        state=arguments.state,
        identity=arguments.identity,
        quota=arguments.quota == "real",
    )
    run_until_terminated("sheets", service)


if __name__ == "__main__":
    main()
