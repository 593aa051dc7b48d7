from infra.local.identity.server import start
from infra.local.service import argument_parser, run_until_terminated

if __name__ == "__main__":
    options = argument_parser(
        "identity", summary="Google's OAuth and OIDC token endpoints, on this machine."
    ).parse_args()
    run_until_terminated("identity", start(port=options.port, state=options.state))
