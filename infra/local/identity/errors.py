class OAuthError(Exception):
    """A refusal in the shape of RFC 6749, section 5.2, with the status and wording of Google's endpoint."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status

    @property
    def body(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}


def expired_or_revoked() -> OAuthError:
    return OAuthError("invalid_grant", "Token has been expired or revoked.")


def missing_parameter(name: str) -> OAuthError:
    return OAuthError("invalid_request", f"Missing required parameter: {name}")
