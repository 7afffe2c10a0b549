"""Reading any file of the corpus runs no code from it, opens no connection and writes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROBE = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.bad_inputs.test_bad_inputs import CASES, diagnostics

FORBIDDEN = ("exec", "compile", "os.", "subprocess.", "socket.", "ctypes.", "pickle.", "shutil.", "import")
HARMLESS = ("os.listdir", "os.scandir")
seen = []


def watch(event, arguments):
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        if any(letter in (mode or "") for letter in "wax+") or flags & 3:
            seen.append((event, str(arguments)))
    elif event.startswith(FORBIDDEN) and event not in HARMLESS:
        seen.append((event, str(arguments)))


for case in CASES:
    diagnostics(case)  # imports what the readers need
sys.addaudithook(watch)
exec("pass")
assert seen, "the hook sees nothing"
seen.clear()
count = sum(bool(diagnostics(case)) for case in CASES)
print(count == len(CASES), seen)
"""


def test_reading_the_corpus_runs_nothing() -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROBE, str(ROOT)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "True []\n"
