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
    parser.add_argument("--shopify", required=True, help="URL of the Shopify service")
    parser.add_argument("--tasks", required=True, help="host:port of Cloud Tasks")
    parser.add_argument("--scheduler", required=True, help="host:port of Cloud Scheduler")
    parser.add_argument("--project", required=True, help="whose documents, queues and jobs /ops shows")
    parser.add_argument("--location", required=True, help="where its queues and jobs are")
    parser.add_argument("--logs", type=Path, required=True, help="folder of the programs' logs")
    parser.add_argument("--executions", type=Path, required=True, help="folder of the jobs' logs")
    options = parser.parse_args()
    places = Places(
        checkout=options.checkout,
        identity_url=options.identity,
        sheets_url=options.sheets,
        api_url=options.api,
        audience=options.audience,
        shopify_url=options.shopify,
        tasks=options.tasks,
        scheduler=options.scheduler,
        project=options.project,
        location=options.location,
        logs=options.logs,
        executions=options.executions,
    )
    run_until_terminated("desk", start(places, port=options.port))
