from pathlib import Path

from infra.local.desk.server import Places, start
from infra.local.service import argument_parser, run_until_terminated

if __name__ == "__main__":
    parser = argument_parser("desk", summary="A spreadsheet and the add-on beside it, in a browser.")
    parser.add_argument("--checkout", type=Path, required=True, help="where appsscript.json and addon/ are")
    parser.add_argument("--identity", required=True, help="URL of the identity service")
    parser.add_argument("--sheets", required=True, help="URL of the Sheets service")
    parser.add_argument("--api", required=True, help="URL of the backend, which the add-on calls")
    parser.add_argument("--audience", required=True, help="OAuth client id of the add-on's script project")
    options = parser.parse_args()
    places = Places(
        checkout=options.checkout,
        identity_url=options.identity,
        sheets_url=options.sheets,
        api_url=options.api,
        audience=options.audience,
    )
    run_until_terminated("desk", start(places, port=options.port))
