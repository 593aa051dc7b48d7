"""How clients that know only Google's address are sent to the Sheets service on this machine, under their own HTTP."""

from typing import Any

GOOGLE = "https://sheets.googleapis.com/"


def redirect_httplib2(endpoint: str, *, discovery: str) -> None:
    """For google-api-python-client; a client that would fetch the discovery document is given the file."""
    import httplib2  # noqa: PLC0415 - not every tool has it

    send = httplib2.Http.request

    def request(self: Any, uri: str, *args: Any, **kwargs: Any) -> Any:
        if uri.startswith(GOOGLE + "$discovery"):
            with open(discovery, "rb") as document:  # noqa: PTH123 - a path is text here
                return httplib2.Response({"status": "200"}), document.read()
        return send(self, uri.replace(GOOGLE, endpoint + "/", 1), *args, **kwargs)

    httplib2.Http.request = request  # type: ignore[method-assign]


def redirect_requests(session: Any, endpoint: str) -> None:
    from requests.adapters import HTTPAdapter  # noqa: PLC0415 - not every tool has it

    class ToHere(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            request.url = request.url.replace(GOOGLE, endpoint + "/", 1)
            return super().send(request, *args, **kwargs)

    session.mount(GOOGLE, ToHere())
