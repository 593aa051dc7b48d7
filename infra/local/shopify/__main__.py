from infra.local.service import argument_parser, run_until_terminated
from infra.local.shopify.app import DEFAULT_CLIENT_ID, DEFAULT_SECRET, App
from infra.local.shopify.server import start


def main() -> None:
    parser = argument_parser("shopify", summary="Shopify's Admin GraphQL API, with a shop of your own making.")
    parser.add_argument(
        "--throttle",
        choices=("standard", "advanced", "plus", "off"),
        default="standard",
        help="how fast shops that name no plan of their own may be asked",
    )
    parser.add_argument("--client-id", default=DEFAULT_CLIENT_ID, help="what the app calls itself")
    parser.add_argument("--app-secret", default=DEFAULT_SECRET, help="what webhooks and redirects are signed with")
    parser.add_argument("--redirect-uri", action="append", default=[], help="where people may be sent back to")
    parser.add_argument("--compliance-uri", default=None, help="where the compliance webhooks go")
    parser.add_argument("--allow-http", action="store_true", help="webhooks may go by http to 127.0.0.1")
    arguments = parser.parse_args()
    app = App(
        arguments.app_secret,
        compliance_uri=arguments.compliance_uri,
        allows_http=arguments.allow_http,
        client_id=arguments.client_id,
        redirect_uris=arguments.redirect_uri,
    )
    run_until_terminated(
        "shopify", start(port=arguments.port, state=arguments.state, throttle=arguments.throttle, app=app)
    )


main()
