from infra.local.service import argument_parser, run_until_terminated
from infra.local.shopify.server import start


def main() -> None:
    parser = argument_parser("shopify", summary="Shopify's Admin GraphQL API, with a shop of your own making.")
    parser.add_argument(
        "--throttle",
        choices=("standard", "advanced", "plus", "off"),
        default="standard",
        help="how fast shops that name no plan of their own may be asked",
    )
    arguments = parser.parse_args()
    run_until_terminated("shopify", start(port=arguments.port, state=arguments.state, throttle=arguments.throttle))


main()
