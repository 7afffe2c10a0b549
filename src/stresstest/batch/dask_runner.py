"""Tasks on a Dask cluster, one that exists or one that is started here: the same tasks, the same bits.

Every worker gets the work once, when it joins (also in the place of one that died). A worker that sees the
run folder writes its parts there; one that does not sends them back, and they are written here.

A cluster runs whatever it is sent: use addresses with TLS (`tls://…`). Certificates are those of Dask's own
configuration, `distributed.comm.tls` (`DASK_DISTRIBUTED__COMM__TLS__CA_FILE`, `…__CLIENT__CERT`,
`…__CLIENT__KEY`, …).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter, deque
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stresstest.batch.running.executors import AnyTask, Done, Event, Failed, Work, perform
from stresstest.batch.store.folder import Layout
from stresstest.batch.store.parts import Output, write_task
from stresstest.batch.store.provenance import source_sha256
from stresstest.errors import InputError, Problem, ResourceError

try:
    import dask
    from distributed import Client, LocalCluster, WorkerPlugin, get_worker, wait
except ImportError:
    raise InputError(
        [Problem("ST755", "a run with Dask", "the extra: pip install 'stresstest[dask]'")]
    ) from None

LOCAL = "local"
_ALLOWED_DEATHS = 1
_SECONDS_TO_CONNECT = 30
_TIMES_ALONE = 2
"""Times that a task is blamed when it is done alone before it is set apart: the first one may meet workers
that are still dying of the task before it."""
_TASKS_A_THREAD = 2
"""Tasks that a thread of the cluster has at hand, so that it does not wait for the next one."""


class _Work(WorkerPlugin):  # type: ignore[misc] # distributed has no types
    """The work of a run on a worker of the cluster.

    Attributes
    ----------
    source
        Hash of our source: a worker with another one would find other numbers.
    """

    def __init__(self, name: str, work: Work, source: str) -> None:
        self.name, self.work, self.source = name, work, source

    def setup(self, worker: Any) -> None:
        """Refuse a worker with another version than ours."""
        if source_sha256() != self.source:
            raise RuntimeError(f"worker {worker.address} has another version of stresstest")


def require_cluster(address: str) -> None:
    """Refuse a cluster that a run could not use, before anything is written; `local` is none yet.

    Raises
    ------
    ResourceError
        When the cluster is not reached.
    InputError
        ST755 for an address that is none, or workers with another version of this package.
    """
    if address == LOCAL:
        return
    with _client(address) as client:
        found = client.run(_source_here, on_error="return")
    ours = source_sha256()
    for worker, source in sorted(found.items()):
        if source != ours:
            raise _other_version(f"worker {worker} has another version of stresstest, or none")


def _source_here() -> str:
    return source_sha256()


def _other_version(got: str) -> InputError:
    return InputError([Problem("ST755", got, "the version that is installed here on every worker")])


def _client(address: str) -> Any:
    """Return a client of a cluster that exists."""
    try:
        with ExitStack() as failed:
            client = failed.enter_context(Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False))
            client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
            failed.pop_all()
    except ValueError as error:
        expected = "an address such as tls://scheduler:8786, or local"
        raise InputError([Problem("ST755", f"--dask {address}: {error}", expected)]) from error
    except (OSError, TimeoutError) as error:
        remedy = "start it, or go on without it (--executor processes)"
        raise ResourceError(f"no Dask cluster at {address} ({error}); {remedy}") from error
    return client


def _perform(name: str, task: AnyTask, root: str, token: str) -> tuple[Event | Output, float]:
    """Do a task on a worker; return its event, or where the worker does not see the folder its output."""
    work = get_worker().plugins[name].work
    layout = Layout(Path(root))
    if _token(layout) == token:
        return perform(layout, work, task), 0.0
    began = time.perf_counter()
    try:
        return work(task), time.perf_counter() - began
    except Exception as error:  # whatever it is, the other tasks go on
        return Failed(task.id, f"{type(error).__name__}: {error}", error), 0.0


def _token(layout: Layout) -> str:
    """Return what tells a run folder from all others: the hash of its plan; nothing where it is not seen."""
    try:
        return hashlib.sha256(layout.plan.read_bytes()).hexdigest()
    except OSError:
        return ""


class DaskExecutor:
    """Several tasks at once on a cluster.

    Parameters
    ----------
    address
        Of the scheduler, or `local` for a cluster that is started and ended here.
    workers
        Processes of a local cluster.

    Raises
    ------
    ResourceError
        When the cluster is not reached.
    InputError
        ST755 when its workers have another version of this package.
    """

    def __init__(self, layout: Layout, work: Work, address: str, workers: int) -> None:
        self.capacity = workers
        self._layout, self._work = layout, work
        self._address, self._workers = address, workers
        self._name = f"stresstest-{secrets.token_hex(8)}"
        self._token = _token(layout) or "no plan"
        self._running: dict[Any, AnyTask] = {}
        self._suspects: deque[AnyTask] = deque()
        self._held: deque[AnyTask] = deque()
        self._alone: Counter[str] = Counter()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._client = self._open.enter_context(self._connected())
            plugin = _Work(self._name, self._work, source_sha256())
            self._client.register_plugin(plugin)
            self._open.callback(self._forget)
            self._count_threads()
        except RuntimeError as error:
            self._open.close()
            raise _other_version(str(error)) from error
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for future in self._running:
            future.cancel(force=True)
        self._open.close()

    def submit(self, task: AnyTask) -> None:
        """Give a task to the cluster, or hold it while one is done alone."""
        if any(other.id in self._alone for other in self._running.values()):
            self._held.append(task)
        else:
            self._send(task)

    def _send(self, task: AnyTask) -> None:
        root = str(self._layout.root.absolute())
        key = f"{self._name}-{task.id}" + (f"-alone-{self._alone[task.id]}" if task.id in self._alone else "")
        future = self._client.submit(_perform, self._name, task, root, self._token, pure=False, key=key)
        self._running[future] = task

    def _go_on(self) -> None:
        """Do a suspect alone where nothing else runs; after the last one, what was held.

        Dask blames every task that a dead worker had at hand: who kills is told by doing each alone.
        """
        if self._running:
            return
        if self._suspects:
            task = self._suspects.popleft()
            self._alone[task.id] += 1
            self._send(task)
            return
        while self._held:
            self._send(self._held.popleft())

    def wait(self, seconds: float) -> list[Event]:
        """Return what has ended since, after waiting for it for at most `seconds`."""
        self._go_on()
        try:
            with self._client.as_current():
                done = wait(list(self._running), timeout=seconds, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            self._count_threads()
            return []
        return [event for event in map(self._event, done) if event is not None]

    def processes(self) -> tuple[int, ...]:
        """Return no process: a cluster minds the memory of its workers itself."""
        return ()

    def _event(self, future: Any) -> Event | None:
        """Return what became of a task; None where that will be known only when it is done alone."""
        task = self._running.pop(future)
        if future.status != "finished":
            error = future.exception() if future.status == "error" else None
            killed = type(error).__name__ == "KilledWorker"
            if killed and self._alone[task.id] < _TIMES_ALONE:
                self._suspects.append(task)
                return None
            reason = f"{type(error).__name__}: {error}" if error else f"it was {future.status}"
            return Failed(task.id, reason, final=killed)
        given, seconds = future.result()
        if not isinstance(given, Output):
            return given  # type: ignore[no-any-return] # distributed has no types
        return Done(task.id, write_task(self._layout, task.id, given, seconds))

    def _connected(self) -> Any:
        if self._address != LOCAL:
            return _client(self._address)
        try:
            return Client(self._open.enter_context(self._started()), set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise ResourceError(
                f"a Dask cluster does not start ({error}); try --executor processes"
            ) from error

    def _started(self) -> Any:
        """Start a cluster on this machine's loopback, without a page to look at it."""
        self._open.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": _ALLOWED_DEATHS}))
        return LocalCluster(
            n_workers=self._workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
        )

    def _count_threads(self) -> None:
        """Take as many tasks as the cluster, as large as it is now, can have at hand."""
        self.capacity = max(sum(self._client.nthreads().values()) * _TASKS_A_THREAD, 1)

    def _forget(self) -> None:
        self._client.unregister_worker_plugin(self._name)
