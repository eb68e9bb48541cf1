#!/usr/bin/env python3
"""Opens the report of the registry's week in headless Chromium: it runs without errors and without
network, finds a decision with its proof, fits a phone, and has its dark colours.

usage: log_report_browser_test.py PATH_OF_LICET     exit code 77: there is no browser
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "examples" / "registry"
# Without these a browser talks to its maker at every start.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--virtual-time-budget=3000",
]  # fmt: skip
# Runs at the end of the page and leaves what it saw where --dump-dom shows it.
PROBE = """<script>
addEventListener('load',()=>{const r={};
r.wide=document.documentElement.scrollWidth>innerWidth;
r.scrolls=[...document.querySelectorAll('figure,.wide')].filter(f=>f.scrollWidth>f.clientWidth+1).length;
r.small=[...document.querySelectorAll('svg text')].filter(t=>t.getBoundingClientRect().height<10).length;
r.cut=[...document.querySelectorAll('figure')].filter(f=>[...f.querySelectorAll('text')].some(t=>{
const a=t.getBoundingClientRect(),b=f.getBoundingClientRect();
return a.left<b.left-1||a.right>b.right+1||a.top<b.top-1})).length;
r.fifths=document.querySelectorAll('td[data-name="four fifths"]').length;
r.marks=document.querySelectorAll('circle').length;
r.back=getComputedStyle(document.body).backgroundColor;
r.charts=document.querySelectorAll('svg').length;
r.titles=[...document.querySelectorAll('svg')].every(s=>s.getAttribute('aria-label'));
r.found=document.getElementById('found').textContent;
r.requests=performance.getEntriesByType('resource').length;
const p=document.createElement('pre');p.id='probe';p.textContent=JSON.stringify(r);
document.body.append(p)});
</script>"""


def look(browser: str, page: Path, fragment: str, *flags: str) -> dict:
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={profile}", *flags, "--dump-dom",
             f"{page.as_uri()}#{fragment}"],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert "CONSOLE" not in done.stderr, done.stderr
    probe = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout, re.DOTALL)
    assert probe, done.stdout[-2000:] + done.stderr
    text = probe.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(text)


def main() -> int:
    licet = sys.argv[1]
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("skipped: there is no Chromium here")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = subprocess.run([licet, "log", "key", "k"], capture_output=True, text=True).stdout
        os.environ["LICET_LOG_KEY"] = key
        log = str(folder / "log")
        decided = subprocess.run(
            [licet, "decide", "-p", str(REGISTRY), str(REGISTRY / "requests.jsonl"), "--json",
             "--log", log], capture_output=True, text=True, check=True,
        )  # fmt: skip
        ids = [json.loads(line)["id"] for line in decided.stdout.splitlines()]
        decision = ids[148]
        for number, of_outcome in enumerate(ids[:12]):
            outcome = "approved" if number % 4 else "refused"
            group = f"a rather long name of group {number % 3}"
            subprocess.run([licet, "log", "outcome", log, of_outcome, outcome, "--group", group],
                           check=True)  # fmt: skip
        page = folder / "report.html"
        subprocess.run([licet, "report", log, "-o", str(page), "--model", "model.name"], check=True)
        html = page.read_text("utf-8")
        page.write_text(html.replace("</body>", PROBE + "</body>"), "utf-8")

        light = look(browser, page, decision, "--window-size=1200,900")
        assert light["charts"] >= 4 and light["titles"], light
        assert light["requests"] == 0, light
        assert not light["wide"] and light["fifths"] == 3 and light["marks"] == 3, light
        assert decision in light["found"] and "c2sp.org/tlog-proof@v1" in light["found"], light
        phone = look(browser, page, decision, "--window-size=500,900")  # the narrowest it takes
        for view in (light, phone):  # nothing is to be scrolled, too small to read, or cut off
            assert (view["wide"], view["scrolls"], view["small"], view["cut"]) == (False, 0, 0, 0), view
        dark = look(browser, page, "", "--force-dark-mode",
                    "--blink-settings=preferredColorScheme=0")  # fmt: skip
        assert dark["back"] != light["back"], (dark, light)
    print("3 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
