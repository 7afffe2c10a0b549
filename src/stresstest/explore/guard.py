"""Who may talk to the page: only those who know its address, from the page itself."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing but the page's own files, no inline script or style, no frame, no form."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

_NO_ADDRESS = "This page opens under the address that `stresstest explore` printed, with its long key.\n"
_OTHER_HOST = "This page answers under its own name only.\n"
_OTHER_PAGE = "Another page asks for this one's data.\n"


def new_token() -> str:
    """Return a key of 192 random bits for an address."""
    return secrets.token_urlsafe(24)


class Guard:
    """Lets a request through when its address holds the key and it comes from the page itself.

    The host that a browser names must be one of the server's, so that a foreign name that resolves to this
    machine (DNS rebinding) gets nothing; what asks from another page is refused; and the key, which no other
    page knows, is compared in constant time. There are no cookies.

    Parameters
    ----------
    hosts
        Names that the server goes by; addresses in numbers are let through where `any_address`.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Iterable[str], any_address: bool = False) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = {host.lower() for host in hosts}
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on without the key in its path, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        key = "/" + self._token.decode()
        if scope["path"] == key:
            await RedirectResponse(f"{key}/")(scope, receive, guarded)
            return
        inside = {**scope, "path": scope["path"].removeprefix(key), "root_path": scope.get("root_path", "")}
        inside["raw_path"] = inside["path"].encode()
        await self._app(inside, receive, guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_own(host):
            return PlainTextResponse(_OTHER_HOST, 421)
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        own = {f"{scope['scheme']}://{host}".lower()}
        if (origin is not None and origin.lower() not in own) or site not in ("none", "same-origin"):
            return PlainTextResponse(_OTHER_PAGE, 403)
        first = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        if not hmac.compare_digest(first.encode("utf-8", "replace"), self._token):
            return PlainTextResponse(_NO_ADDRESS, 404)
        return None

    def _is_own(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        name = name.strip("[]").lower()
        return name in self._hosts or (self._any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
