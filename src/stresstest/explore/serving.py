"""The server on a port, from its start to Ctrl-C."""

from __future__ import annotations

import gc
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from stresstest.errors import InputError, Location, Problem
from stresstest.explore.desk import Desk
from stresstest.explore.guard import new_token
from stresstest.explore.server import PageServer

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is served.

    Attributes
    ----------
    host
        Address to listen at.
    port
        0 takes a free one.
    """

    host: str = "127.0.0.1"
    port: int = 0

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK

    @property
    def is_everywhere(self) -> bool:
        """Whether every address of the machine is listened at."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104 - asked for with --host


def serve(desk: Desk, place: Place, tell: Callable[[str], None], *, browser: bool = True) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    tell
        Called with the page's address once it can be opened.
    browser
        Whether to open it in the user's browser.

    Raises
    ------
    InputError
        ST402 where the port is taken or the host is none of this machine's.
    """
    listener = _listener(place)
    token, port = new_token(), listener.getsockname()[1]
    shown = "127.0.0.1" if place.is_everywhere else place.host
    shown = f"[{shown}]" if ":" in shown else shown
    address = f"http://{shown}:{port}/{token}/"
    hosts = {*LOOPBACK, place.host, socket.gethostname()} if not place.is_local else set(LOOPBACK)
    app = PageServer(desk).app(token, hosts, any_address=place.is_everywhere)
    config = uvicorn.Config(app, log_level="critical", access_log=False, server_header=False, ws="none")
    # What the book is made of stays: a collection that looks through it all takes longer than a move.
    gc.collect()
    gc.freeze()
    tell(address)
    if browser:
        webbrowser.open(address)
    uvicorn.Server(config).run(sockets=[listener])


def _listener(place: Place) -> socket.socket:
    """Return a socket that listens at `place`."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # Only connections of a stated protocol are sent without delay: the body of an answer would wait 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((place.host, place.port))
        listener.listen()  # before the address is told: who is quick waits, and is not refused
    except (OSError, OverflowError) as error:
        listener.close()
        got = f"{place.host}:{place.port}: {getattr(error, 'strerror', None) or error}"
        raise InputError(
            [Problem("ST402", got, "a free port of this machine", Location("--port"))]
        ) from error
    return listener
