#!/usr/bin/env python3
"""Every record of `licet log export` is what the readers of its format ask for.

The checks are those of the formats' own pages: OPA's decision-log events, OCSF 1.3 API Activity,
OTLP/JSON log records, Splunk's HTTP Event Collector, CloudTrail's record contents, RFC 4180.

usage: log_formats_test.py PATH_OF_LICET
"""

from __future__ import annotations

import csv
import io
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

POLICY = """
package shop
schema user { id: string, name: string @token, mail?: string @redact, sex: string,
  keys?: list[{ kind: string @token, n: int }] }
schema model { id: string }
schema request { action?: string, ip?: string, note?: string, rate?: number }

permit buy if { request.action == "buy"; user.name != ""; user.sex != ""; count(user.mail) > 0 }
permit rated if { request.rate > 0.1; user.keys[_].n >= 0 }
forbid noted if { request.note != "" } because $"{request.note}" controls {"ISO-27001:A.5.15", "=1"}
  obliges {"notify": "a,b"}
forbid ip if { net.cidr_contains("10.0.0.0/8", request.ip); model.id != "" }
forbid mail if { user.mail == "eve@example.org" } because $"{user.mail} of {user.name} is barred"
"""
NOTES = [
    "=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "a\n=1",
    'say "hi", please', "caf\u00e9 \U0001d11e", "a;b", "\u2028", "x\x01y",
]  # fmt: skip
LICET = ""


def licet(*arguments: str | Path, key: str = "", text: str = "", expect: int = 0) -> str:
    done = subprocess.run(
        [LICET, *map(str, arguments)], env=dict(os.environ, LICET_LOG_KEY=key),
        input=text.encode(), capture_output=True,
    )  # fmt: skip
    out, err = done.stdout.decode(), done.stderr.decode()
    if done.returncode != expect:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n{out}{err}")
    return out


def lines_of(text: str) -> list[str]:
    """Not splitlines(), which takes U+2028 for the end of a line."""
    return text.removesuffix("\n").split("\n")


def requests() -> list[dict[str, Any]]:
    user = {"id": "ann", "name": "Ann Lee", "mail": "ann@example.org", "sex": "f-secret"}
    model = {"id": "m1"}
    some = [
        {"user": user, "model": model, "request": {"action": "buy", "ip": "192.0.2.7"}},
        {"user": user, "model": model, "request": {"action": "buy", "ip": "10.1.2.3"}},
        {"user": user, "model": model, "request": {}},
        {"user": user | {"mail": "eve@example.org"}, "model": model, "request": {"action": "buy"}},
        {"user": user | {"keys": [{"kind": "k1", "n": 1}, {"kind": "k2", "n": 9007199254740993}]},
         "model": model, "request": {"action": "buy", "rate": 0.25}},
        {"user": {"id": 7}, "model": model, "request": {}},
    ]  # fmt: skip
    return some + [
        {"user": user, "model": model, "request": {"action": note, "note": note}} for note in NOTES
    ]


def ns_of(time: str) -> int:
    seconds = datetime.strptime(time[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return int(seconds.timestamp()) * 10**9 + int(time[20:29])


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp())
        cls.key = licet("log", "key", "k1")
        cls.log = cls.folder / "log"
        policy = cls.folder / "shop.licet"
        policy.write_text(POLICY, "utf-8")
        lines = "".join(json.dumps(request) + "\n" for request in requests())
        licet(
            "decide", "-p", policy, "--log", cls.log, "--log-origin", "example.org/shop",
            "--log-encrypt", "user.sex", "--json", "-", key=cls.key, text=lines, expect=2,
        )  # fmt: skip
        shown = lines_of(licet("log", "show", cls.log, key=cls.key))
        cls.lines = [line for line in shown if json.loads(line)["kind"] == "decision"]
        cls.entries = [json.loads(line) for line in cls.lines]

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(cls.folder)

    def exported(self, name: str, *options: str) -> list[str]:
        return lines_of(licet("log", "export", self.log, "--to", name, *options, key=self.key))

    def records(self, name: str, *options: str) -> list[dict[str, Any]]:
        records = [json.loads(line) for line in self.exported(name, *options)]
        self.assertEqual(len(records), len(self.entries))
        return records

    def pairs(self, name: str, *options: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return list(zip(self.records(name, *options), self.entries))

    def test_the_log_has_all_that_formats_could_stumble_over(self) -> None:
        self.assertEqual(len(self.entries), len(requests()))
        causes = {entry["cause"] for entry in self.entries}
        self.assertLessEqual({"permitted", "forbidden", "no_permit", "invalid_request"}, causes)
        text = "".join(self.lines)
        for mark in ("$token", "$redacted", "$encrypted", "$number", "obligations"):
            self.assertIn(f'"{mark}"', text)

    def test_no_format_shows_what_the_log_hides(self) -> None:
        for name in ("jsonl", "opa", "ocsf", "otlp", "splunk", "cloudtrail", "csv"):
            text = licet("log", "export", self.log, "--to", name, key=self.key)
            for secret in ("Ann Lee", "ann@example.org", "eve@example.org", "f-secret", '"k1"'):
                self.assertNotIn(secret, text, name)

    def test_opa(self) -> None:
        def at(document: Any, pointer: str) -> Any:
            for key in pointer.split("/")[1:]:
                key = key.replace("~1", "/").replace("~0", "~")
                if isinstance(document, list):
                    document = document[int(key)]
                elif key in document:
                    document = document[key]
                else:
                    return None
            return document

        for event, entry in self.pairs("opa"):
            self.assertEqual(
                event["labels"] | {"version": ""},
                {"app": "licet", "id": "example.org/shop", "version": ""},
            )
            self.assertEqual(event["decision_id"], entry["id"])
            self.assertEqual(event["bundles"], {"licet": {"revision": entry["revision"]}})
            self.assertRegex(event["path"], r"^[^/].*[^/]$")
            self.assertIsInstance(event["input"], dict)
            self.assertEqual(event["result"]["effect"], entry["effect"])
            self.assertEqual(event["result"]["rules"], entry["rules"])
            self.assertRegex(event["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")
            for pointer in event.get("erased", []):
                self.assertIsNone(at(event, pointer), pointer)
            for pointer in event.get("masked", []):
                self.assertRegex(at(event, pointer), r"^[A-Za-z0-9_-]{22}$")
            self.assertNotRegex(json.dumps(event["input"]), r"\$(token|redacted|encrypted|number)")
        first, keys = self.records("opa")[0], self.records("opa")[4]
        self.assertEqual(sorted(first["erased"]), ["/input/user/mail", "/input/user/sex"])
        self.assertEqual(first["masked"], ["/input/user/name"])
        self.assertEqual(first["requested_by"], "192.0.2.7")
        self.assertIn("/input/user/keys/1/kind", keys["masked"])
        self.assertEqual(keys["input"]["user"]["keys"][1]["n"], 9007199254740993)
        self.assertIn("error", self.records("opa")[5])

    def test_ocsf(self) -> None:
        for event, entry in self.pairs("ocsf"):
            self.assertEqual((event["category_uid"], event["class_uid"]), (6, 6003))
            self.assertEqual(event["class_name"], "API Activity")
            self.assertIn(event["activity_id"], (0, 1, 2, 3, 4, 99))
            self.assertEqual(event["type_uid"], event["class_uid"] * 100 + event["activity_id"])
            self.assertEqual(event["time"], ns_of(entry["time"]) // 10**6)
            severities = {1: "Informational", 2: "Low"}
            self.assertEqual(event["severity"], severities[event["severity_id"]])
            statuses = {1: "Success", 2: "Failure"}
            self.assertEqual(event["status"], statuses[event["status_id"]])
            self.assertEqual(event["status_id"] == 1, entry["effect"] == "permit")
            self.assertTrue(event["api"]["operation"])
            self.assertTrue(event["activity_name"])
            self.assertTrue(any(event["actor"]["user"].get(name) for name in ("uid", "name")))
            decided = {"permit": "allowed", "deny": "denied"}[entry["effect"]]
            for authorization in event["actor"]["authorizations"]:
                self.assertEqual(authorization["decision"], decided)
            policies = [a["policy"]["name"] for a in event["actor"]["authorizations"] if "policy" in a]
            self.assertEqual(policies, entry["rules"])
            endpoint = event["src_endpoint"]
            self.assertTrue(endpoint.get("ip") or endpoint.get("name"))
            if "ip" in endpoint:
                ipaddress.ip_address(endpoint["ip"])
            self.assertRegex(event["metadata"]["version"], r"^\d+\.\d+\.\d+$")
            self.assertTrue(event["metadata"]["product"]["vendor_name"])
            self.assertEqual(event["metadata"]["uid"], entry["id"])
            self.assertEqual(event["unmapped"], entry)
            self.assertTrue(all(resource["uid"] for resource in event.get("resources", [])))

    def test_otlp(self) -> None:
        for data, entry in self.pairs("otlp"):
            self.assertEqual(list(data), ["resourceLogs"])
            [resource] = data["resourceLogs"]
            names = {a["key"]: a["value"] for a in resource["resource"]["attributes"]}
            self.assertEqual(names["service.name"], {"stringValue": "licet"})
            [scope] = resource["scopeLogs"]
            self.assertTrue(scope["scope"]["name"])
            [record] = scope["logRecords"]
            # 64-bit integers are texts in protobuf's JSON.
            self.assertEqual(record["timeUnixNano"], str(ns_of(entry["time"])))
            self.assertEqual(record["observedTimeUnixNano"], record["timeUnixNano"])
            levels = {"permit": (9, "INFO"), "deny": (13, "WARN")}
            self.assertEqual(
                (record["severityNumber"], record["severityText"]), levels[entry["effect"]]
            )
            self.assertIsInstance(record["body"]["stringValue"], str)
            keys = [attribute["key"] for attribute in record["attributes"]]
            self.assertEqual(len(keys), len(set(keys)), "keys must be unique")
            for attribute in record["attributes"]:
                [(kind, value)] = attribute["value"].items()
                self.assertIn(kind, ("stringValue", "arrayValue"))
                if kind == "arrayValue":
                    self.assertTrue(all(list(v) == ["stringValue"] for v in value["values"]))
            values = {a["key"]: a["value"] for a in record["attributes"]}
            self.assertEqual(json.loads(values["licet.entry"]["stringValue"]), entry)
            rules = [rule["stringValue"] for rule in values["licet.rules"]["arrayValue"]["values"]]
            self.assertEqual(rules, entry["rules"])

    def test_splunk(self) -> None:
        for line, (event, entry) in zip(self.exported("splunk"), self.pairs("splunk")):
            self.assertLessEqual(
                set(event),
                {"time", "host", "source", "sourcetype", "index", "fields", "event"},
            )
            seconds = re.search(r'^\{"time":(\d+)\.(\d{3}),', line)
            assert seconds is not None
            ms = int(seconds[1]) * 1000 + int(seconds[2])
            self.assertEqual(ms, ns_of(entry["time"]) // 10**6)
            self.assertEqual(event["event"], entry)
            self.assertTrue(all(isinstance(value, str) for value in event["fields"].values()))

    def test_cloudtrail(self) -> None:
        wanted = {
            "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
            "sourceIPAddress", "userAgent", "requestParameters", "responseElements", "eventID",
            "eventType", "readOnly", "managementEvent", "eventCategory",
        }  # fmt: skip
        for event, entry in self.pairs("cloudtrail"):
            self.assertLessEqual(wanted, set(event))
            self.assertRegex(event["eventVersion"], r"^1\.\d+$")
            self.assertRegex(event["eventTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertEqual(event["eventTime"][:19], entry["time"][:19])
            self.assertEqual(event["userIdentity"]["type"], "Unknown")
            for name in ("eventName", "eventSource", "sourceIPAddress", "eventID", "userAgent"):
                self.assertTrue(event[name], name)
            self.assertTrue(event["userIdentity"]["principalId"])
            self.assertIsInstance(event["readOnly"], bool)
            self.assertEqual("errorCode" in event, entry["effect"] == "deny")
            self.assertEqual("errorMessage" in event, "errorCode" in event)

    def test_csv(self) -> None:
        text = licet("log", "export", self.log, "--to", "csv", key=self.key)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        self.assertEqual(
            rows[0],
            "index,time,id,effect,cause,rules,message,controls,user,resource,action,revision".split(","),
        )
        self.assertEqual(len(rows) - 1, len(self.entries))
        for row, entry in zip(rows[1:], self.entries):
            self.assertEqual(len(row), len(rows[0]))
            self.assertEqual((row[2], row[3]), (entry["id"], entry["effect"]))
            for cell in row:
                for line in re.split(r"[\r\n]", cell):
                    self.assertNotRegex(line, r"^[ \t]*[=+\-@]", "a spreadsheet runs it")
        said = [row[6] for row in rows[1:]]
        self.assertEqual(said[-len(NOTES)], "'" + NOTES[0])
        self.assertIn('say "hi", please', said)

    def test_roles_name_other_attributes(self) -> None:
        event = self.records("ocsf", "--user", "user.sex", "--resource", "user.id")[0]
        entry = self.entries[0]
        # Of an encrypted user the keyed hash is shown.
        self.assertEqual(event["actor"]["user"]["uid"], entry["subject"])
        self.assertEqual(event["resources"], [{"uid": "ann"}])


if __name__ == "__main__":
    LICET = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
