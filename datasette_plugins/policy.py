"""The content security policy of the findings pages, which have no script and no inline style."""

from __future__ import annotations

from typing import Any

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def with_policy(app: Any) -> Any:
    """Wrap an ASGI `app` so that each of its answers carries `POLICY`."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_policy(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                policy = (b"content-security-policy", POLICY.encode())
                message = {**message, "headers": [*message.get("headers", ()), policy]}
            await send(message)

        await app(scope, receive, send_with_policy)

    return guarded
