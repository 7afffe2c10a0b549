"""One thing at a time; what comes at once ends what may wait."""

from __future__ import annotations

import asyncio
import threading

import pytest

from stresstest.explore.worker import SupersededError, Worker


def test_a_move_ends_what_may_wait_at_its_next_step(in_a_loop):
    begun, steps = threading.Event(), []

    async def both():
        worker = Worker()

        def waiting(between):
            for step in range(1000):
                steps.append(step)
                begun.set()
                between()
                threading.Event().wait(0.01)

        slow = asyncio.ensure_future(worker.when_quiet(waiting))
        await asyncio.to_thread(begun.wait)
        answer = await worker.at_once(lambda: "moved")
        with pytest.raises(SupersededError):
            await slow
        worker.close()
        return answer

    assert in_a_loop(both()) == "moved"
    assert len(steps) < 1000


def test_work_that_waits_goes_on_where_nothing_moves(in_a_loop):
    async def alone():
        worker = Worker()
        found = await worker.when_quiet(lambda between: (between(), between(), "done")[-1])
        worker.close()
        return found

    assert in_a_loop(alone()) == "done"


def test_two_things_never_run_at_once(in_a_loop):
    running, most = [], []

    def work():
        running.append(1)
        most.append(len(running))
        threading.Event().wait(0.005)
        running.pop()

    async def many():
        worker = Worker()
        await asyncio.gather(*(worker.at_once(work) for _ in range(20)))
        worker.close()

    in_a_loop(many())
    assert max(most) == 1


def test_work_aside_holds_no_move_up(in_a_loop):
    async def both():
        worker, hold = Worker(), threading.Event()
        aside = asyncio.ensure_future(worker.aside(hold.wait))
        moved = await worker.at_once(lambda: "moved")
        begun = aside.done()
        hold.set()
        await aside
        worker.close()
        return moved, begun

    assert in_a_loop(both()) == ("moved", False)


def test_what_was_asked_before_a_move_and_has_not_begun_never_begins(in_a_loop):
    async def queued():
        worker, done = Worker(), []
        hold = threading.Event()
        first = asyncio.ensure_future(worker.at_once(hold.wait))
        await asyncio.sleep(0)
        late = asyncio.ensure_future(worker.when_quiet(lambda _between: done.append(1)))
        await asyncio.sleep(0)
        last = asyncio.ensure_future(worker.at_once(lambda: None))
        await asyncio.sleep(0)
        hold.set()
        await asyncio.gather(first, last)
        with pytest.raises(SupersededError):
            await late
        worker.close()
        return done

    assert in_a_loop(queued()) == []
