"""The page's server: files of the page, and answers of the desk as JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stresstest.errors import InputError, ModelError, Problem, ResourceError
from stresstest.explore.desk import Desk
from stresstest.explore.guard import Guard
from stresstest.explore.hedge_jobs import HedgeJob
from stresstest.explore.processes import VerbError
from stresstest.explore.reports import SavedFile, report_of
from stresstest.explore.view import PAGE, View
from stresstest.explore.worker import SupersededError, Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

LARGEST_REQUEST = 1024 * 1024
"""Bytes of a request: what-if trades in thousands of positions fit."""

_MEDIA = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}

Values = dict[str, Any]


class PageServer:
    """Routes of the page over one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.worker = Worker()
        self.job: HedgeJob | None = None
        self._reporting = asyncio.Lock()

    def app(self, token: str, hosts: Iterable[str], any_address: bool = False) -> ASGIApp:
        """Return the application, guarded by `token`."""
        routes = [
            Route("/", _page("index.html")),
            *(Route(f"/{name}", _page(name)) for name in page_files() if name != "index.html"),
            Route("/api/opening", self._opening),
            Route("/api/template/{tag}", self._template),
            Route("/api/move", self._answer(self._move), methods=["POST"]),
            Route("/api/scenario/{name}", self._answer(self._scenario), methods=["POST"]),
            Route("/api/detail", self._answer(self._detail), methods=["POST"]),
            Route("/api/position", self._answer(self._position), methods=["POST"]),
            Route("/api/save/scenario", self._answer(self._save_scenario), methods=["POST"]),
            Route("/api/save/portfolio", self._answer(self._save_portfolio), methods=["POST"]),
            Route("/api/save/report", self._answer(self._save_report), methods=["POST"]),
            Route("/api/hedge", self._answer(self._hedge), methods=["POST"]),
            Route("/api/hedge", self._hedge_state, methods=["GET"]),
            Route("/api/hedge", self._hedge_cancel, methods=["DELETE"]),
        ]

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            yield
            if self.job is not None:
                await self.job.cancel()
            self.worker.close()

        return Guard(Starlette(routes=routes, lifespan=lifespan), token, hosts, any_address)

    def _answer(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """Return an endpoint that reads a view, answers it, and tells what is wrong as data."""

        async def endpoint(request: Request) -> Response:
            try:
                asked = await _body(request)
                view = self.desk.view(asked.get("view", {}))
                found = await answer(request, asked, view)
            except Exception as error:
                return _failed(error)
            return found if isinstance(found, Response) else JSONResponse(found)

        return endpoint

    async def _opening(self, _request: Request) -> Response:
        return JSONResponse(await self.worker.at_once(self.desk.opening))

    async def _template(self, request: Request) -> Response:
        tag = request.path_params["tag"]
        return JSONResponse(await self.worker.at_once(lambda: self.desk.template(tag)))

    async def _move(self, _request: Request, _asked: Values, view: View) -> Values:
        return await self.worker.at_once(lambda: self.desk.move(view))

    async def _scenario(self, request: Request, _asked: Values, view: View) -> Values:
        name = request.path_params["name"]
        return await self.worker.when_quiet(lambda between: self.desk.scenario(view, name, between))

    async def _detail(self, _request: Request, _asked: Values, view: View) -> Values:
        found = await self.worker.when_quiet(lambda between: self.desk.detail(view, between))
        return found.shown | await self.worker.aside(found.rest)

    async def _position(self, _request: Request, asked: Values, view: View) -> Values:
        position = str(asked.get("position", ""))
        return await self.worker.at_once(lambda: self.desk.position(view, position))

    async def _save_scenario(self, _request: Request, _asked: Values, view: View) -> Response:
        return _download(await self.worker.at_once(lambda: self.desk.scenario_file(view)))

    async def _save_portfolio(self, _request: Request, _asked: Values, view: View) -> Response:
        return _download(await self.worker.at_once(lambda: self.desk.portfolio_file(view)))

    async def _save_report(self, _request: Request, _asked: Values, view: View) -> Response:
        question = await self.worker.at_once(lambda: self.desk.report_question(view))
        # One at a time: each takes a process with the whole book in it.
        async with self._reporting:
            return _download(await report_of(question))

    async def _hedge(self, _request: Request, asked: Values, view: View) -> Values:
        policy = str(asked.get("policy", ""))
        question = await self.worker.at_once(lambda: self.desk.hedge_question(view, policy))
        if self.job is not None:
            await self.job.cancel()
        self.job = HedgeJob(question)
        self.job.start()
        return self.job.document()

    async def _hedge_state(self, _request: Request) -> Response:
        return JSONResponse({"status": "none"} if self.job is None else self.job.document())

    async def _hedge_cancel(self, request: Request) -> Response:
        if self.job is not None:
            await self.job.cancel()
        return await self._hedge_state(request)


def page_files() -> tuple[str, ...]:
    """Return the names of the page's own files."""
    folder = files("stresstest.explore") / "page"
    return tuple(sorted(item.name for item in folder.iterdir() if item.name.endswith(tuple(_MEDIA))))


def _page(name: str) -> Callable[[Request], Response]:
    def endpoint(_request: Request) -> Response:
        content = (files("stresstest.explore") / "page" / name).read_bytes()
        return Response(content, media_type=_MEDIA["." + name.rsplit(".", 1)[1]])

    return endpoint


async def _body(request: Request) -> Values:
    """Return the JSON of a request.

    Raises
    ------
    InputError
        For what is too large, of another media type or no JSON mapping.
    """
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise InputError([Problem("ST152", "a request of another media type", "application/json", PAGE)])
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LARGEST_REQUEST:
            got, most = "a request that is too large", f"at most {LARGEST_REQUEST:,} bytes"
            raise InputError([Problem("ST103", got, most, PAGE)])
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError([Problem("ST152", "a request that is no JSON mapping", "a mapping", PAGE)])
    return found


def _download(saved: SavedFile) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{saved.name}"'}
    return Response(saved.text, media_type=saved.media_type, headers=disposition)


def _failed(error: Exception) -> Response:
    """Return an error as data: its problems.

    An answer that a move is impossible is an answer: only what is a fault of the server has a status of one.
    """
    if isinstance(error, SupersededError):
        return _refused([], superseded=True)
    if isinstance(error, ClientDisconnect):
        return Response(status_code=400)
    if isinstance(error, VerbError):
        return _refused(error.problems)
    if isinstance(error, InputError):
        return _refused([problem.to_dict() for problem in error.problems])
    code, status = ("ST404", 507) if isinstance(error, ResourceError | MemoryError) else ("ST403", 200)
    if not isinstance(error, ModelError | ResourceError | MemoryError):
        code, status = "ST449", 500
    text = str(error) if code != "ST449" else f"a bug of ours: {type(error).__name__}: {error}"
    return _refused([Problem(code, text).to_dict()], status)


def _refused(problems: list[Values], status: int = 200, *, superseded: bool = False) -> Response:
    return JSONResponse({"refused": True, "superseded": superseded, "problems": problems}, status)
