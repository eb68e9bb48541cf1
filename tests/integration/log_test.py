#!/usr/bin/env python3
"""The decision log as its users meet it: `licet decide --log`, `licet log ...`, `licet report`.

usage: log_test.py PATH_OF_LICET
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "examples" / "registry"
SOFTHSM_MODULES = [
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
]
POLICY = """
package credit
schema user { id: string @token, email?: string @redact, sex: string, income: int }
schema request { action: string }
permit apply if { request.action == "apply"; user.income > 1000 }
forbid no_mail if { user.email == "eve@example.org" } because $"{user.email} of {user.id} is barred"
forbid by_sex if { user.sex == "unknown" }
permit me if { user.id == "ann" }
"""
LICET = ""


def licet(*arguments: str | Path, key: str | None = None, expect: int = 0, text: str = "") -> str:
    environment = dict(os.environ)
    if key is not None:
        environment["LICET_LOG_KEY"] = key
    done = subprocess.run(
        [LICET, *map(str, arguments)], env=environment, input=text, capture_output=True, text=True
    )
    if done.returncode != expect:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class LogOfAWeek(unittest.TestCase):
    """The registry's week, logged once and copied for each test."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp())
        cls.key = licet("log", "key", "k1")
        cls.original = cls.folder / "original"
        cls.decisions = licet(
            "decide", "-p", REGISTRY, REGISTRY / "requests.jsonl", "--json",
            "--log", cls.original, "--log-origin", "example.org/registry", key=cls.key,
        )  # fmt: skip
        cls.anchor = cls.folder / "anchor.note"
        shutil.copy(cls.original / "checkpoint", cls.anchor)

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(cls.folder)

    def setUp(self) -> None:
        self.log = self.folder / self.id()
        shutil.copytree(self.original, self.log)

    def tearDown(self) -> None:
        shutil.rmtree(self.log)

    def verdict(self, *options: str | Path, expect: int = 0) -> dict:
        return json.loads(
            licet("log", "verify", self.log, "--json", *options, key=self.key, expect=expect)
        )

    def entries(self) -> list[dict]:
        lines = licet("log", "show", self.log, key=self.key).splitlines()
        return [json.loads(line) for line in lines]

    def test_every_decision_is_an_entry_and_canonical(self) -> None:
        lines = licet("log", "show", self.log, key=self.key).splitlines()
        entries = [json.loads(line) for line in lines]
        decided = [json.loads(line)["id"] for line in self.decisions.splitlines()]
        self.assertEqual([e["id"] for e in entries if e["kind"] == "decision"], decided)
        for line, entry in zip(lines, entries):
            canonical = json.dumps(
                entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            )
            self.assertEqual(line, canonical)

    def test_verified_needs_a_checkpoint_from_outside(self) -> None:
        self.assertEqual(self.verdict(expect=3)["verdict"], "UNANCHORED")
        report = self.verdict("--checkpoint", self.anchor)
        self.assertEqual((report["verdict"], report["anchored_entries"]), ("VERIFIED", 260))

    def test_replay_is_exact_and_tells_what_a_candidate_would_open(self) -> None:
        summary = licet("log", "replay", self.log, "-p", REGISTRY, "--json", key=self.key)
        self.assertEqual(json.loads(summary.splitlines()[-1])["same"], 259)
        candidate = self.folder / "candidate.rego"
        candidate.write_text('package x\npermit all if { request.action != "" }\n', "utf-8")
        candidate = candidate.rename(candidate.with_suffix(".licet"))
        lines = licet(
            "log", "replay", self.log, "-p", candidate, "--json", key=self.key, expect=1
        ).splitlines()
        self.assertEqual(json.loads(lines[0])["change"], "deny -> permit")
        self.assertEqual(json.loads(lines[-1])["deny_to_permit"], 51)

    def test_replay_of_a_package_is_exact_and_what_is_not_replayed_is_named(self) -> None:
        policy = self.folder / "two.licet"
        policy.write_text(
            "package one\nschema user { id: string @token, sex: string }\nschema request { n: int }\n"
            'permit a if { request.n > 0; user.sex != "" }\n'
            'forbid b if { request.n > 5; user.id != "" } because $"{user.sex}, not notified"'
            ' obliges {"notify": user.sex}\n',
            "utf-8",
        )
        other = self.folder / "other.licet"
        other.write_text("package two\npermit all if request.n != 3\n", "utf-8")
        log = self.folder / "packages"
        lines = [{"user": {"id": "u", "sex": "f"}, "request": {"n": n}} for n in range(9)]
        text = "".join(json.dumps(line) + "\n" for line in [*lines, {"user": {"id": 5}}])
        for package in ([], ["--package", "one"], ["--package", "two"]):
            licet(
                "decide", "-p", policy, "-p", other, "--log", log, "--log-encrypt", "user.sex",
                "--json", *package, "-", key=self.key, text=text, expect=2,
            )  # fmt: skip
        shown = licet(
            "log", "replay", log, "-p", policy, "-p", other, "--json", key=self.key
        )  # fmt: skip
        summary = json.loads(shown.splitlines()[-1])
        self.assertEqual(summary["decisions"], 30)
        self.assertEqual(summary["same"], 27)
        self.assertEqual(summary["not_replayed_because"], {"invalid_request": 3})

    def test_a_proof_holds_without_the_log_and_for_this_entry_only(self) -> None:
        entry = self.entries()[100]
        verifier = json.loads((self.log / "keys").read_text("utf-8"))["verifier"]
        proof = self.folder / "proof.txt"
        proof.write_text(licet("log", "prove", self.log, entry["id"], key=self.key), "utf-8")
        shown = licet("log", "verify-proof", proof, "--verifier", verifier)
        self.assertEqual(json.loads(shown), entry)
        text = proof.read_text("utf-8")
        for changed in (text.replace("index 100", "index 101"), text.replace("\n260\n", "\n259\n")):
            self.assertNotEqual(changed, text)
            proof.write_text(changed, "utf-8")
            licet("log", "verify-proof", proof, "--verifier", verifier, expect=1)

    def test_filters_tail_and_stats_agree(self) -> None:
        denied = licet("log", "grep", self.log, "effect=deny", "--count", key=self.key)
        stats = json.loads(licet("log", "stats", self.log, "--json", key=self.key))
        self.assertEqual(int(denied), stats["effects"]["deny"])
        interns = licet("log", "grep", self.log, "user.id=int-01", key=self.key).splitlines()
        self.assertTrue(interns)
        self.assertTrue(all(json.loads(i)["read"]["user.id"] == "int-01" for i in interns))
        last = licet("log", "tail", self.log, "-n", "1", key=self.key)
        self.assertEqual(json.loads(last), self.entries()[-1])

    def test_exports_are_what_their_readers_expect(self) -> None:
        def lines(name: str) -> list[dict]:
            text = licet("log", "export", self.log, "--to", name, key=self.key)
            return [json.loads(line) for line in text.splitlines()]

        self.assertTrue(all(e["result"]["effect"] in ("permit", "deny") for e in lines("opa")))
        self.assertTrue(all(e["class_uid"] == 6003 for e in lines("ocsf")))
        records = [e["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0] for e in lines("otlp")]
        self.assertTrue(all(int(r["timeUnixNano"]) > 0 for r in records))
        self.assertTrue(all(e["event"]["kind"] == "decision" for e in lines("splunk")))
        refused = [e for e in lines("cloudtrail") if e.get("errorCode") == "AccessDenied"]
        self.assertEqual(len(refused), 51)
        text = licet("log", "export", self.log, "--to", "csv", key=self.key)
        table = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(len(table), 259)

    def test_tiles_have_the_tree_of_the_checkpoint(self) -> None:
        tiles = self.folder / "tiles"
        licet("log", "export", self.log, "--to", "tiles", "-o", tiles, key=self.key)
        hashes = (tiles / "tile/0/000").read_bytes() + (tiles / "tile/0/001.p/4").read_bytes()
        level = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
        self.assertEqual(len(level), 260)
        bundle = (tiles / "tile/entries/000").read_bytes()
        size = int.from_bytes(bundle[:2], "big")
        self.assertEqual(hashlib.sha256(b"\0" + bundle[2 : 2 + size]).digest(), level[0])

        def root(leaves: list[bytes]) -> bytes:
            if len(leaves) == 1:
                return leaves[0]
            middle = 1
            while middle * 2 < len(leaves):
                middle *= 2
            return hashlib.sha256(b"\1" + root(leaves[:middle]) + root(leaves[middle:])).digest()

        import base64

        signed = (tiles / "checkpoint").read_text("utf-8").splitlines()[2]
        self.assertEqual(root(level), base64.b64decode(signed))

    def test_outcomes_and_the_report(self) -> None:
        ids = [e["id"] for e in self.entries() if e["kind"] == "decision"]
        for number, name in enumerate(ids[:20]):
            outcome = "approved" if number % 3 else "refused"
            group = "a" if number % 2 else "b"
            licet("log", "outcome", self.log, name, outcome, "--group", group, key=self.key)
        page = self.folder / "report.html"
        licet("report", self.log, "-o", page, "--model", "model.name", key=self.key)
        html = page.read_text("utf-8")
        for word in ("UNANCHORED", "registry.intern_deploys", "Denials by control", "four fifths"):
            self.assertIn(word, html)
        for outside in ("http://", "https://", "src=", "@import", "url("):
            self.assertNotIn(outside, html)

    def test_rotated_keys_open_the_log_without_the_old_one(self) -> None:
        new = licet("log", "key", "k2")
        licet("log", "rotate-keys", self.log, key=new + self.key)
        self.assertEqual(len(licet("log", "show", self.log, key=new).splitlines()), 262)
        licet("log", "show", self.log, key=self.key, expect=2)

    def test_wrong_use_is_told(self) -> None:
        licet("log", "verify", self.folder / "none", key=self.key, expect=2)
        licet("log", "show", self.log, "no-such-id", key=self.key, expect=1)
        licet("log", "show", self.log, key=licet("log", "key", "k1"), expect=2)
        licet("log", "export", self.log, "--to", "morse", key=self.key, expect=2)
        licet("log", "grep", self.log, "nonsense", key=self.key, expect=2)
        licet("log", "export", self.log, "--to", "csv", "--user", "a..b", key=self.key, expect=2)
        # A file that is no checkpoint says nothing about the log.
        no_note = self.folder / "no_note"
        no_note.write_text("no note", "utf-8")
        licet("log", "verify", self.log, "--checkpoint", no_note, key=self.key, expect=2)
        licet("report", self.log, "--checkpoint", no_note, key=self.key, expect=2)
        # Outcomes are of decisions that the log has.
        licet("log", "outcome", self.log, "no-such-id", "approved", key=self.key, expect=2)
        licet("log", "outcome", self.log, "0", "approved", key=self.key, expect=2)
        licet("log", "outcome", self.log, "7", "approved", key=self.key)
        self.assertEqual(self.entries()[-1]["id"], self.entries()[7]["id"])


class LargeLogs(unittest.TestCase):
    """P18: every entry replays; and what reads a log needs no more memory for a larger one.

    With LICET_LONG_TESTS the log has a million entries and is larger than the memory allowed."""

    POLICY = """
package shop
permit buy if { user.age >= 18; request.amount < 500; time.now_ns() > 0 }
permit gift if { startswith(request.note, "gift"); rand.intn("a", 10) >= 0 }
forbid limit if { request.amount > user.limit } because $"{request.amount} is over {user.limit}"
  controls {"ISO-27001:A.5.15"}
forbid other_shop if { not request.shop in {"a", "b"} } obliges {"notify": request.shop}
"""

    @classmethod
    def setUpClass(cls) -> None:
        cls.is_long = "LICET_LONG_TESTS" in os.environ
        # A sanitizer reserves terabytes before anything else.
        cls.has_sanitizer = b"__asan_init" in Path(LICET).read_bytes()
        cls.count = 1_000_000 if cls.is_long else 5_000
        cls.folder = Path(tempfile.mkdtemp())
        cls.key = licet("log", "key", "k1")
        cls.log = cls.folder / "log"
        cls.policy = cls.folder / "shop.licet"
        cls.policy.write_text(cls.POLICY, "utf-8")
        requests = cls.folder / "requests.jsonl"
        with requests.open("w", encoding="utf-8") as file:
            for i in range(cls.count):
                request = {"shop": "abc"[i % 3], "amount": i % 997 + i % 10 / 10}
                if i % 5 == 0:
                    request["note"] = ("gift " if i % 2 else "") + "for \u00fc \"x\" " * (i % 7)
                user = {"id": f"u{i % 4001}", "age": 15 + i % 9, "limit": 600}
                file.write(json.dumps({"user": user, "request": request}) + "\n")
        licet(
            "decide", "-p", cls.policy, requests, "--json", "--log", cls.log,
            "--log-mode", "async", key=cls.key,
        )  # fmt: skip

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(cls.folder)

    def run_limited(self, *arguments: str | Path, expect: int = 0) -> tuple[str, int]:
        """With memory for a fraction of the long log; answers the output and the peak in bytes."""
        limit = resource.RLIM_INFINITY if self.has_sanitizer else 300 << 20
        output = self.folder / "output"
        with output.open("w", encoding="utf-8") as file:
            child = subprocess.Popen(
                [LICET, *map(str, arguments)],
                env=dict(os.environ, LICET_LOG_KEY=self.key), stdout=file,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
            )  # fmt: skip
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(child.returncode, expect, arguments)
        return output.read_text("utf-8") if output.stat().st_size < 1 << 24 else "", usage.ru_maxrss

    def test_replaying_the_same_policies_gives_the_same_decisions(self) -> None:
        text, _ = self.run_limited("log", "replay", self.log, "-p", self.policy, "--json")
        result = json.loads(text)
        self.assertEqual(result["decisions"], self.count)
        self.assertEqual(result["same"], self.count, result)

    def test_replaying_other_policies_tells_what_opens_first(self) -> None:
        other = self.folder / "other.licet"
        other.write_text(self.POLICY.replace('{"a", "b"}', '{"b", "c"}'), "utf-8")
        text, _ = self.run_limited("log", "replay", self.log, "-p", other, "--json", expect=1)
        lines = [json.loads(line) for line in text.splitlines()]
        changes = [line["change"] for line in lines[:-1]]
        self.assertEqual(changes, sorted(changes, key=lambda c: c != "deny -> permit"))
        self.assertGreater(lines[-1]["deny_to_permit"], 0)
        self.assertGreater(lines[-1]["permit_to_deny"], 0)

    def test_reading_takes_memory_for_a_frame_not_for_the_log(self) -> None:
        if self.has_sanitizer:
            self.skipTest("the sanitizer takes more memory than what is measured")
        peaks = {}
        for words, expect in (
            (["verify"], 3), (["stats"], 0), (["show"], 0), (["grep", "user.id=u7"], 0),
            (["tail"], 0), (["prove", "5"], 0), (["export", "--to", "csv"], 0),
            (["export", "--to", "otlp"], 0),
        ):  # fmt: skip
            _, peak = self.run_limited("log", words[0], self.log, *words[1:], expect=expect)
            peaks[" ".join(words)] = peak // 1024
        page = self.folder / "page.html"
        _, peak = self.run_limited("report", self.log, "-o", page)
        peaks["report"] = peak // 1024
        if self.is_long:
            size = sum(f.stat().st_size for f in self.log.iterdir()) >> 20
            print(f"log of {size} MiB on disk; peaks in MiB: {peaks}", file=sys.stderr)
        self.assertLess(max(peaks.values()), 200, peaks)


class Options(unittest.TestCase):
    def test_how_to_log_without_where_is_refused(self) -> None:
        for option in ("key", "origin", "mode", "witness", "subject", "also", "encrypt"):
            with self.subTest(option=option):
                done = subprocess.run(
                    [LICET, "decide", "-p", "none", f"--log-{option}", "x"],
                    input="", capture_output=True, text=True,
                )  # fmt: skip
                self.assertEqual(done.returncode, 2)
                self.assertIn(f"--log-{option} says how to log", done.stderr)


class PersonalData(unittest.TestCase):
    """P19: what the schema hides is nowhere, and what it encrypts dies with its key."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.log = self.folder / "log"
        self.key = licet("log", "key", "k1")
        self.policy = self.folder / "credit.licet"
        self.policy.write_text(POLICY, "utf-8")

    def tearDown(self) -> None:
        shutil.rmtree(self.folder)

    def decide(self, *users: dict) -> None:
        requests = "\n".join(
            json.dumps({"user": user, "request": {"action": "apply"}}) for user in users
        )
        licet(
            "decide", "-p", self.policy, "-", "--log", self.log, "--log-encrypt", "user.sex",
            key=self.key, text=requests + "\n", expect=1 if len(users) == 1 else 0,
        )  # fmt: skip

    def test_values_and_their_hashes_are_in_no_file(self) -> None:
        eve = {"id": "eve-4711", "email": "eve@example.org", "sex": "sex-of-eve", "income": 5}
        self.decide(eve)
        shown = licet("log", "show", self.log, key=self.key)
        self.assertIn("$token", shown)
        self.assertIn("$redacted", shown)
        self.assertIn("$encrypted", shown)
        plain = [shown.encode()] + [f.read_bytes() for f in self.log.iterdir()]
        for value in ("eve-4711", "eve@example.org", "sex-of-eve"):
            for text in (value, json.dumps(value)):
                needles = [text.encode()]
                for name in ("md5", "sha1", "sha256", "sha512"):
                    digest = hashlib.new(name, text.encode())
                    needles += [digest.digest(), digest.hexdigest().encode()]
                for needle in needles:
                    for content in plain:
                        self.assertNotIn(needle, content)

    def test_an_erased_subject_cannot_be_read_and_the_log_verifies(self) -> None:
        ann = {"id": "ann", "sex": "sex-of-ann", "income": 5000}
        bob = {"id": "bob", "sex": "sex-of-bob", "income": 5000}
        self.decide(ann, bob)
        anchor = self.folder / "anchor"
        shutil.copy(self.log / "checkpoint", anchor)
        revealed = licet("log", "show", self.log, "--reveal", key=self.key)
        self.assertIn("sex-of-ann", revealed)
        licet("log", "erase", self.log, "--subject", "ann", key=self.key)
        revealed = licet("log", "show", self.log, "--reveal", key=self.key)
        self.assertNotIn("sex-of-ann", revealed)
        self.assertIn("sex-of-bob", revealed)
        licet("log", "verify", self.log, "--checkpoint", anchor, key=self.key)
        licet("log", "erase", self.log, "--subject", "ann", key=self.key, expect=1)
        found = licet("log", "grep", self.log, "user.id=bob", "--count", key=self.key)
        self.assertEqual(found, "1\n")

    def test_a_token_holds_the_key(self) -> None:
        module = next((m for m in SOFTHSM_MODULES if m.exists()), None)
        if module is None or shutil.which("softhsm2-util") is None:
            self.skipTest("SoftHSM is not installed")
        if shutil.which("pkcs11-tool") is None:
            self.skipTest("pkcs11-tool (opensc) is not installed")
        tokens = self.folder / "tokens"
        tokens.mkdir()
        configuration = self.folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {tokens}\n", "utf-8")
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        os.environ["TEST_PIN"] = "1234"
        run = lambda *words: subprocess.run(words, check=True, capture_output=True)  # noqa: E731
        run("softhsm2-util", "--init-token", "--free", "--label", "logs", "--pin", "1234",
            "--so-pin", "5678")  # fmt: skip
        run("pkcs11-tool", "--module", str(module), "--token-label", "logs", "--login", "--pin",
            "1234", "--keygen", "--key-type", "AES:32", "--label", "log-key")  # fmt: skip
        uri = f"pkcs11:{module}?token=logs&key=log-key&pin-env=TEST_PIN"
        licet("decide", "-p", self.policy, "-", "--log", self.log, "--log-key", uri, expect=1,
              text='{"user":{"id":"a","sex":"b","income":1},"request":{"action":"x"}}\n')  # fmt: skip
        licet("log", "verify", self.log, "-k", uri, expect=3)
        os.environ["TEST_PIN"] = "9999"
        licet("log", "verify", self.log, "-k", uri, expect=2)


if __name__ == "__main__":
    LICET = sys.argv.pop(1)
    unittest.main()
