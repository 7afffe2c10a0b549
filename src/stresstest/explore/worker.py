"""Work off the event loop, one thing at a time; what comes at once goes before what may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Result = TypeVar("_Result")


class SupersededError(Exception):
    """Something that must come at once was asked for meanwhile: what was being made is no longer wanted."""


class Worker:
    """One thread for the book. Nothing queues behind work that may wait: a move ends it at its next step."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="explore")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="explore-aside")
        self._moves = 0

    async def at_once(self, work: Callable[[], _Result]) -> _Result:
        """Do `work` next, and end what may wait."""
        self._moves += 1
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def when_quiet(self, work: Callable[[Callable[[], None]], _Result]) -> _Result:
        """Do `work`, which calls what it is given between its steps.

        Raises
        ------
        SupersededError
            When something that must come at once was asked for since.
        """
        begun = self._moves

        def between() -> None:
            if self._moves != begun:
                raise SupersededError

        def checked() -> _Result:
            between()
            return work(between)

        return await asyncio.get_running_loop().run_in_executor(self._pool, checked)

    async def aside(self, work: Callable[[], _Result]) -> _Result:
        """Do `work`, which shares nothing with what moves, without holding anything up."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    def close(self) -> None:
        """End the thread after what it is doing."""
        self._moves += 1
        for pool in (self._pool, self._aside):
            pool.shutdown(wait=False, cancel_futures=True)
