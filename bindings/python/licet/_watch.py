"""Reloading when files change."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from licet._errors import LicetError

if TYPE_CHECKING:
    from typing_extensions import Self

    from licet._engine import Engine

_Fingerprint = tuple[tuple[str, int, int, int], ...]
_log = logging.getLogger("licet")


class Watcher:
    """Looks at the files of an engine, and reloads it when they have changed.

    New policies that do not compile, or that ``check`` raises for, leave the old ones in force;
    ``on_error`` is told, or a warning logged. Stop it with :meth:`stop` or as a context manager.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        interval: float = 1.0,
        check: Callable[[Engine], object] | None = None,
        on_reload: Callable[[Engine], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
    ) -> None:
        if not engine._origin()["paths"]:
            raise LicetError("only an engine that was loaded from files can be watched")
        self._engine = engine
        self._interval = interval
        self._check = check
        self._on_reload = on_reload
        self._on_error = on_error
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._seen = self._fingerprint()

    def start(self) -> None:
        """Starts the thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="licet-watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stops it, and waits until it has ended."""
        self._stopped.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def poll(self) -> bool:
        """Looks now. True: the files had changed and the new policies are in force."""
        with self._lock:
            now = self._fingerprint()
            if now == self._seen:
                return False
            self._seen = now
            try:
                self._engine.reload(check=self._check)
            except Exception as error:
                if self._on_error is None:
                    _log.warning("the old policies stay in force: %s", error)
                else:
                    self._on_error(error)
                return False
        if self._on_reload is not None:
            self._on_reload(self._engine)
        return True

    def _run(self) -> None:
        while not self._stopped.wait(self._interval) and not self._engine.closed:
            try:
                self.poll()
            except Exception:
                _log.exception("a callback of the watcher failed")

    def _fingerprint(self) -> _Fingerprint:
        origin = self._engine._origin()
        found = []
        for path in [*origin["paths"], *origin["data_paths"]]:
            for file in _files_below(path):
                try:
                    status = os.stat(file)
                except OSError:
                    continue
                found.append((file, status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(found)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def _files_below(path: str) -> list[str]:
    if not os.path.isdir(path):
        return [path]
    files = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [
            os.path.join(folder, name) for name in names if name.endswith((".licet", ".rego"))
        ]
    return sorted(files)
