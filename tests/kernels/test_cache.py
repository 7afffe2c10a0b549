"""The disk cache of kernels: whose it is, what it depends on, and what happens without one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from stresstest.kernels import cache
from stresstest.kernels.cache import KernelCache, private_folder, user_cache_folder

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="folder modes")


class Compiled:
    """Stands where a dispatcher stands: notes the folder that is set while it enables its cache."""

    def __init__(self, function, config) -> None:
        self.py_func = function
        self.config = config
        self.folder = None

    def enable_caching(self) -> None:
        self.folder = Path(self.config.CACHE_DIR)


@pytest.fixture
def config():
    return SimpleNamespace(CACHE_DIR="what the host set")


def test_kernels_before_and_after_are_cached_in_one_folder(config, tmp_path: Path) -> None:
    kernels = KernelCache(config, ["compiler 1"])
    before, after = Compiled(user_cache_folder, config), Compiled(private_folder, config)
    kernels.attach(before)
    assert before.folder is None
    folder = kernels.enable(tmp_path)
    kernels.attach(after)
    assert folder is not None
    assert before.folder == after.folder == folder
    assert folder.parent == tmp_path / "stresstest"
    assert kernels.enable(tmp_path / "elsewhere") == folder
    assert config.CACHE_DIR == "what the host set"


@posix
def test_the_folder_is_the_users_own(config, tmp_path: Path) -> None:
    folder = KernelCache(config, []).enable(tmp_path)
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_other_tools_have_another_folder(config, tmp_path: Path) -> None:
    folders = {KernelCache(config, [tool]).enable(tmp_path) for tool in ("numba 1", "numba 2")}
    assert len(folders) == 2


def test_a_changed_kernel_source_has_another_folder(config, tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "package"
    (package / "kernels").mkdir(parents=True)
    (package / "instruments" / "swap").mkdir(parents=True)
    sources = [package / "kernels" / "exponential.py", package / "instruments" / "swap" / "kernel.py"]
    monkeypatch.setattr(cache, "_PACKAGE", package)
    folders = set()
    for source in [None, *sources]:
        if source is not None:
            source.write_text("changed\n", encoding="utf-8")
        folders.add(KernelCache(config, []).enable(tmp_path))
    assert len(folders) == 3


def test_a_kernel_of_another_package_has_a_folder_of_its_own(config, tmp_path: Path) -> None:
    kernels = KernelCache(config, [])
    own = kernels.enable(tmp_path)
    outside = Compiled(test_other_tools_have_another_folder, config)
    kernels.attach(outside)
    assert outside.folder is not None
    assert outside.folder.parent == own


@posix
@pytest.mark.parametrize("mode", [0o777, 0o720])
def test_a_folder_that_others_may_write_to_is_refused(mode: int, config, tmp_path: Path) -> None:
    (tmp_path / "stresstest").mkdir()
    (tmp_path / "stresstest").chmod(mode)
    kernels = KernelCache(config, [])
    with pytest.warns(RuntimeWarning, match="can be written by others"):
        assert kernels.enable(tmp_path) is None
    assert kernels.enable(tmp_path) is None


def test_a_root_that_is_no_folder_is_refused_once(config, tmp_path: Path) -> None:
    root = tmp_path / "file"
    root.write_text("", encoding="utf-8")
    kernels = KernelCache(config, [])
    compiled = Compiled(private_folder, config)
    with pytest.warns(RuntimeWarning, match="compiled anew"):
        assert kernels.enable(root) is None
    kernels.attach(compiled)
    assert compiled.folder is None


def test_too_little_space_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(cache.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1000))
    with pytest.raises(OSError, match="too little space"):
        private_folder(tmp_path / "stresstest", "key")


@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders")
def test_the_users_cache_folder(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache_folder() == tmp_path
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert user_cache_folder() == tmp_path / "home" / ".cache"


def test_without_a_home_nothing_is_cached(config, monkeypatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(cache, "user_cache_folder", no_home)
    with pytest.warns(RuntimeWarning, match="home directory"):
        assert KernelCache(config, []).enable() is None


PROGRAM = """
from stresstest.kernels._jit import enable_caching
from stresstest.kernels.logarithm import log
from numba.core import config
before = config.CACHE_DIR
folder = enable_caching()
value = float(log(10.0))
assert config.CACHE_DIR == before
print(folder, value, sum(log.stats.cache_hits.values()))
"""


def test_the_second_process_reads_what_the_first_compiled(tmp_path: Path) -> None:
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "XDG_CACHE_HOME": str(tmp_path)}
    settings.pop("NUMBA_DISABLE_JIT", None)
    runs = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM],
            env=settings,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    ]
    assert [line[2] for line in runs] == ["0", "1"]
    assert runs[0][:2] == runs[1][:2]
    assert Path(runs[0][0]).is_dir()
