"""The one place where an error becomes text, or JSON, on standard error and an exit status."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import click

from stresstest.cli.exit_codes import ExitCode
from stresstest.errors import InputError, ModelError, Problem, ResourceError

_OUT_OF_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE)

_CODES: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (click.ClickException, ExitCode.BAD_INPUT),
    (InputError, ExitCode.BAD_INPUT),
    (ModelError, ExitCode.NOT_VALUED),
    (ResourceError, ExitCode.RESOURCE),
    (MemoryError, ExitCode.RESOURCE),
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
    (click.Abort, ExitCode.INTERRUPTED),
)

_CODE_BY_STATUS = {ExitCode.NOT_VALUED: "ST403", ExitCode.RESOURCE: "ST404", ExitCode.INTERRUPTED: "ST405"}


def exit_code_of(error: BaseException) -> ExitCode:
    """Return the exit status that `error` ends the process with."""
    if isinstance(error, OSError) and error.filename is not None:
        return ExitCode.RESOURCE if error.errno in _OUT_OF_SPACE else ExitCode.BAD_INPUT
    if isinstance(error, OSError) and error.errno in _OUT_OF_SPACE:
        return ExitCode.RESOURCE
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.BUG)


def report(error: BaseException, *, as_json: bool) -> None:
    """Write `error` to standard error: a line a problem, or one JSON document."""
    from stresstest.io.sanitise import terminal_text

    code = exit_code_of(error)
    if as_json:
        document: dict[str, Any] = {"schema": "stresstest/error/1", "exit_code": int(code)}
        document["problems"] = [problem.to_dict() for problem in problems_of(error)]
        text = json.dumps(document, ensure_ascii=False)
    elif isinstance(error, InputError):
        text = "\n".join(terminal_text(problem.format()) for problem in error.problems)
    elif isinstance(error, click.UsageError):
        text = _usage_text(error)
    else:
        lines = [line for problem in problems_of(error) for line in problem.got.splitlines()]
        text = "stresstest: " + "\n".join(terminal_text(line) for line in lines)
    click.echo(text, err=True)


def problems_of(error: BaseException) -> tuple[Problem, ...]:
    """Return what went wrong as problems; a bug says where it happened and how to see more."""
    if isinstance(error, InputError):
        return error.problems
    if isinstance(error, click.ClickException):
        return (Problem("ST400", error.format_message()),)
    code = exit_code_of(error)
    if code is ExitCode.BAD_INPUT and isinstance(error, OSError):
        return (Problem("ST402", f"{error.filename}: {error.strerror}"),)
    return (Problem(_CODE_BY_STATUS.get(code, "ST449"), _text_of(error, code)),)


def _text_of(error: BaseException, code: ExitCode) -> str:
    if code is ExitCode.BUG:
        return _bug_text(error)
    if isinstance(error, MemoryError):
        return "memory gave out; --memory makes the run hold fewer columns at once"
    return str(error) or code.name.lower().replace("_", " ")


def _usage_text(error: click.UsageError) -> str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    text = problems_of(error)[0].format()
    if error.ctx is not None:
        text += f"\nTry '{error.ctx.command_path} --help'."
    return text


def _bug_text(error: BaseException) -> str:
    """Return one line on a bug; the whole traceback where STRESSTEST_TRACEBACK is set."""
    import traceback

    if os.environ.get("STRESSTEST_TRACEBACK"):
        return "".join(traceback.format_exception(error)).rstrip()
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return (
        f"a bug of ours: {type(error).__name__}: {error}{where}. "
        "Please report it with the output of STRESSTEST_TRACEBACK=1 and the same command."
    )
