"""accounts.google.com: where a person chooses her account and agrees, or does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug import Response as Redirect

from infra.local.consent_page import consent_page
from infra.local.identity.codes import Agreement, Codes
from infra.local.identity.directory import Directory
from infra.local.identity.errors import OAuthError
from infra.local.identity.grants import Grants

PLACE = "Google's consent page"
EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"
SIGN_IN = {"openid": "openid", "email": EMAIL_SCOPE, EMAIL_SCOPE: EMAIL_SCOPE}
"""Scopes that come with signing in; of the others a person may leave out any."""
WORDS = {"https://www.googleapis.com/auth/spreadsheets": "See, edit, create and delete your spreadsheets"}
FORM = """
<form method="post">
<label>Google account
<input type="email" name="email" value="{{ hint }}" list="people" required autocomplete="off"></label>
<datalist id="people">{% for person in people %}<option value="{{ person }}">{% endfor %}</datalist>
<p>{{ client }} will know your name and email address, and wants to:</p>
<fieldset>
{% for scope in optional %}
<label><input type="checkbox" name="scope" value="{{ scope }}" checked> {{ words.get(scope, scope) }}</label>
{% endfor %}
</fieldset>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Cancel</button>
</form>
"""


@dataclass(frozen=True)
class Asked:
    """The query that the client sent the browser with."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    login_hint: str
    offline: bool
    prompts: bool
    code_challenge: str | None

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        for name in ("response_type", "client_id", "redirect_uri", "scope"):
            if not query.get(name):
                raise OAuthError("invalid_request", f"Required parameter is missing: {name}")
        if query["response_type"] != "code":
            raise OAuthError("unsupported_response_type", f"Invalid response_type: {query['response_type']}")
        if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
            raise OAuthError("invalid_request", "Not simulated: a code_challenge_method other than S256")
        return cls(
            client_id=query["client_id"],
            redirect_uri=query["redirect_uri"],
            scopes=tuple(query["scope"].split()),
            state=query.get("state"),
            login_hint=query.get("login_hint", ""),
            offline=query.get("access_type") == "offline",
            prompts="consent" in query.get("prompt", ""),
            code_challenge=query.get("code_challenge"),
        )

    @property
    def optional_scopes(self) -> list[str]:
        return [scope for scope in self.scopes if scope not in SIGN_IN]

    def granted(self, ticked: Sequence[str]) -> tuple[str, ...]:
        """In Google's own names."""
        return tuple(SIGN_IN.get(scope, scope) for scope in self.scopes if scope in SIGN_IN or scope in ticked)

    def back(self, **answer: str) -> str:
        state = {} if self.state is None else {"state": self.state}
        return f"{self.redirect_uri}?{urlencode(state | answer)}"


def consent(*, directory: Directory, grants: Grants, codes: Codes) -> Blueprint:
    blueprint = Blueprint("consent", __name__)

    def asked() -> Asked:
        """Raises what the person is shown in place of being sent anywhere."""
        asked = Asked.parse(request.args)
        directory.ensure_redirect(asked.client_id, asked.redirect_uri)
        return asked

    @blueprint.get("/o/oauth2/v2/auth")
    def ask() -> Response:
        try:
            question = asked()
        except OAuthError as error:
            return _refused(error)
        return consent_page(
            "Sign in with Google",
            FORM,
            place=PLACE,
            hint=question.login_hint,
            people=directory.people(),
            client=question.client_id,
            optional=question.optional_scopes,
            words=WORDS,
        )

    @blueprint.post("/o/oauth2/v2/auth")
    def answer() -> Response | Redirect:
        try:
            question = asked()
        except OAuthError as error:
            return _refused(error)
        email = request.form.get("email", "")
        if request.form.get("decision") != "allow" or not email:
            return redirect(question.back(error="access_denied"), code=303)
        directory.principal(email)
        agreed_before = grants.has(client_id=question.client_id, email=email)
        scopes = question.granted(request.form.getlist("scope"))
        code = codes.issue(
            Agreement(
                client_id=question.client_id,
                email=email,
                scopes=scopes,
                redirect_uri=question.redirect_uri,
                code_challenge=question.code_challenge,
                gives_refresh_token=question.offline and (question.prompts or not agreed_before),
            )
        )
        back = question.back(code=code, scope=" ".join(scopes), authuser="0", prompt="consent")
        return redirect(back, code=303)

    return blueprint


def _refused(error: OAuthError) -> Response:
    body = "<p>{{ description }}</p><p>Error {{ code }}: {{ error }}</p>"
    told = {"error": error.error, "description": error.description, "code": error.status}
    return consent_page("Access blocked", body, place=PLACE, status=error.status, **told)
