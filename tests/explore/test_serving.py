"""Where the page is served."""

from __future__ import annotations

import asyncio
import socket

import pytest

from stresstest.errors import InputError
from stresstest.explore import serving
from stresstest.explore.serving import Place, serve

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there


def test_places():
    assert Place().is_local
    assert Place("::1").is_local
    assert not Place(EVERYWHERE).is_local
    assert Place(EVERYWHERE).is_everywhere
    assert not Place("10.0.0.1").is_everywhere


class Ran:
    """Takes the place of the server that would run until interrupted."""

    def __init__(self, config):
        self.config = config

    def run(self, sockets):
        self.config.listener = sockets[0]
        sockets[0].close()


@pytest.fixture
def told(desk, monkeypatch):
    opened, addresses = [], []
    monkeypatch.setattr(serving.uvicorn, "Server", Ran)
    monkeypatch.setattr(serving.webbrowser, "open", opened.append)

    def run(place, **options):
        serve(desk, place, addresses.append, **options)
        return addresses[-1], opened

    return run


def test_the_address_is_told_and_opened(told):
    address, opened = told(Place())
    assert address.startswith("http://127.0.0.1:")
    assert opened == [address]
    again, opened = told(Place(), browser=False)
    assert opened == [address]
    assert again.split("/")[3] != address.split("/")[3]


def test_answers_are_sent_without_delay():
    """asyncio sends at once only on connections of a stated protocol; else a body waits for 40 ms."""
    asyncio.run(_answered_without_delay())


async def _answered_without_delay():
    found = []

    async def answer(_, writer):
        connection = writer.get_extra_info("socket")
        found.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with serving._listener(Place()) as listener:
        async with await asyncio.start_server(answer, sock=listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            await reader.read()
            writer.close()
            await writer.wait_closed()
    assert found[0] != 0


def test_an_address_of_six_is_written_in_brackets(told):
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    assert told(Place("::1"), browser=False)[0].startswith("http://[::1]:")


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_a_host_of_another_machine_is_refused(told, host):
    with pytest.raises(InputError) as caught:
        told(Place(host))
    assert caught.value.problems[0].code == "ST402"


def test_a_taken_port_is_refused(told):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError) as caught:
            told(Place(port=taken.getsockname()[1]))
    assert "a free port" in caught.value.problems[0].expected
