"""The decision log: writing one, and reading and verifying it."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from licet import _licet
from licet._engine import _checked_size
from licet._errors import LogError

if TYPE_CHECKING:
    from typing_extensions import Self

    from licet._licet import Decision

_Folder = str | os.PathLike[str]
Keys = str | bytes

atexit.register(_licet._close_logs)


class LogStatistics(NamedTuple):
    """What a log has done since it was opened; ``entries`` since it was made."""

    entries: int
    appended: int  # decisions and outcomes that are on disk
    refused: int  # each a decision that became a deny
    lost: int  # with when_full="drop" only
    syncs: int
    queued_bytes: int
    failures: int  # of the disk, the keys or the cryptography


class Log(_licet.Log):
    """A decision log in a folder: ``licet.load(path, log=licet.Log(folder, keys=...))``.

    Every decision of the engines that have it leaves one entry: what was asked (as far as the
    policies read it, masked as the schema says), what was decided, and why. Nobody can change,
    reorder or remove entries unseen: see :func:`licet.verify_log`. A decision that cannot be logged
    is a deny, and raises :class:`licet.LogError`. Threads may share a log; one process writes it.

    ``keys`` protect it: ``file:PATH``, ``env:VARIABLE`` or ``pkcs11:...``, or as bytes the text of
    a key file (:meth:`new_key` makes one). ``mode`` is ``durable`` (a decision is handed out when
    its entry is on disk) or ``async`` (when it is in a queue of ``queue_bytes``; what is queued is
    lost if the process dies). When the queue is full, ``when_full`` says whether to ``block``, to
    ``deny``, or to ``drop`` entries and count them. ``origin`` names the log in its checkpoints.

    ``subject`` is the attribute that says whose data an entry is about; ``also`` are attributes to
    log that no policy reads, ``encrypt`` attributes to encrypt besides what the schema says.

    Raises LogError if the log cannot be opened, TypeError and ValueError for settings that make no
    sense. A log is closed by :meth:`close`, by ``with``, and at the latest when the interpreter
    ends.

    >>> import licet, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> key = licet.Log.new_key("example")
    >>> with licet.Log(folder, keys=key) as log:
    ...     rules = {"p.licet": "package p\\npermit low if request.amount < 10"}
    ...     engine = licet.load(sources=rules, log=log)
    ...     decision = engine.decide(request={"amount": 5})
    ...     log.record_outcome(decision, "paid")
    >>> [entry["kind"] for entry in licet.read_log(folder, keys=key)]
    ['open', 'decision', 'outcome']
    >>> licet.verify_log(folder, keys=key).verdict
    'UNANCHORED'
    """

    def __new__(cls, *made_of: object, **settings: object) -> Self:
        """A log without a folder would be nothing that can be used."""
        if not made_of and not settings:
            raise TypeError("a log needs a folder and keys")
        return super().__new__(cls)

    def __init__(
        self,
        folder: _Folder,
        *,
        keys: Keys,
        mode: Literal["durable", "async"] = "durable",
        when_full: Literal["block", "deny", "drop"] = "block",
        origin: str = "licet.log",
        subject: str = "user.id",
        also: Iterable[str] = (),
        encrypt: Iterable[str] = (),
        queue_bytes: int = 16 << 20,
        max_entry_bytes: int = 65_535,
        segment_bytes: int = 256 << 20,
        segment_seconds: int = 24 * 3600,
        checkpoint_ms: int = 1000,
        compress: bool = True,
    ) -> None:
        for name, value in (("origin", origin), ("subject", subject)):
            if not isinstance(value, str):
                raise TypeError(f"{name}: expected a string, found {type(value).__name__}")
        _check_choice("mode", mode, ("durable", "async"))
        _check_choice("when_full", when_full, ("block", "deny", "drop"))
        if isinstance(also, str) or isinstance(encrypt, str):
            raise TypeError("also and encrypt are lists of attributes, as ['user.region']")
        super().__init__(
            {
                "folder": _folder_text(folder),
                "keys": _checked_keys(keys),
                "mode": mode,
                "when_full": when_full,
                "origin": origin,
                "subject": subject,
                "also": list(also),
                "encrypt": list(encrypt),
                "queue_bytes": _checked_size("queue_bytes", queue_bytes),
                "max_entry_bytes": _checked_size("max_entry_bytes", max_entry_bytes),
                "segment_bytes": _checked_size("segment_bytes", segment_bytes),
                "segment_seconds": _checked_size("segment_seconds", segment_seconds, 2**31 - 1),
                "checkpoint_ms": _checked_size("checkpoint_ms", checkpoint_ms, 2**31 - 1),
                "compress": compress,
            }
        )
        self.folder = _folder_text(folder)
        self.mode = mode

    @staticmethod
    def new_key(name: str) -> bytes:
        """The text of a key file with a new random key. Keep it: nobody reads the log without."""
        if not isinstance(name, str) or not name or name.split() != [name]:
            raise ValueError(f"name: expected a word, found {name!r}")
        return _licet._new_key(name).encode()

    def record_outcome(self, decision: Decision | str, outcome: object, *, group: str = "") -> None:
        """Logs what followed from a decision (or the id of one): the answer of the model, say.

        ``outcome`` is any value that JSON can write; it is not masked. Reports count outcomes by
        ``group``. Raises LogError, and RequestError for what is no value.
        """
        if not isinstance(decision, (str, _licet.Decision)):
            raise TypeError(f"expected a decision or its id, found {type(decision).__name__}")
        name = decision if isinstance(decision, str) else decision.id
        self._record_outcome(name, outcome, group)

    def flush(self) -> None:
        """Waits until everything so far is on disk and signed for. Raises LogError."""
        self.checkpoint()

    def erase_subject(self, subject_id: object) -> int:
        """Destroys the keys of a person: what was encrypted under them can never be read again.

        The answer is how many keys there were. The log still verifies.
        """
        return self._erase_subject(subject_id)

    @property
    def statistics(self) -> LogStatistics:
        """Counts; see :class:`licet.LogStatistics`."""
        return LogStatistics(**self._statistics())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<licet.Log {self.folder!r}, {'closed' if self.closed else self.mode}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(
            "a log cannot be pickled: one process writes it; open another one in its own folder"
        )


class Finding(NamedTuple):
    """Something that is wrong with a log."""

    file: str
    offset: int  # bytes
    entry: int  # the first one that is touched
    message: str


class LogReport(NamedTuple):
    """What :func:`licet.verify_log` found."""

    verdict: Literal["VERIFIED", "UNANCHORED", "BROKEN"]
    findings: tuple[Finding, ...]
    entries: int
    intact_entries: int  # the first so many are whole and in order
    signed_entries: int  # of these, those that the log's signature commits to
    anchored_entries: int  # of these, those that an anchor commits to


def verify_log(
    folder: _Folder, *, keys: Keys, anchors: Iterable[str] = (), verifier: str = ""
) -> LogReport:
    """Checks that nothing in a log was changed, moved, removed or inserted.

    ``anchors`` are checkpoints (:meth:`licet.Log.checkpoint`) that were kept outside: without one
    the best verdict is ``UNANCHORED``, since who holds the keys could have written it all anew.
    ``verifier`` is the log's public key as the auditor knows it (:attr:`licet.Log.verifier`).

    Raises LogError if nothing can be looked at: no such folder, the wrong key.
    """
    if isinstance(anchors, str):
        anchors = [anchors]
    found = _licet._verify_log(_folder_text(folder), _checked_keys(keys), list(anchors), verifier)
    findings = tuple(Finding(*finding) for finding in found.pop("findings"))
    return LogReport(findings=findings, **found)


def read_log(folder: _Folder, *, keys: Keys) -> Iterator[dict[str, Any]]:
    """The entries of a log in their order, as dicts (eval/log/README.md describes the fields).

    Personal values stay masked. A log that is being written is read up to its last whole frame.
    Raises LogError where the log is damaged.
    """
    reader = _licet.LogReader(_folder_text(folder), _checked_keys(keys))
    while (text := reader.next()) is not None:
        yield json.loads(text)


def _check_choice(name: str, given: object, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise ValueError(f"{name}: expected one of {', '.join(choices)}, found {given!r}")


def _folder_text(folder: _Folder) -> str:
    text = os.fspath(folder)
    if not isinstance(text, str):
        raise TypeError(f"expected a path as text, found {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise LogError(f"the path {text!r} is not UTF-8", code="log_wrong_use") from error
    return text


def _checked_keys(keys: Keys) -> Keys:
    if not isinstance(keys, (str, bytes)):
        raise TypeError(f"keys: expected a URI or bytes, found {type(keys).__name__}")
    return keys
