"""Try the first round as a newcomer: `.venv/bin/python -m tests.first_round`.

The sources as they are committed are cloned anew, set up and served by their own one command; a
real Chromium goes by the words of docs/organizers.md. Prints the table of docs/trials.md, and keeps
a picture of each page where `--pictures FOLDER` says so.
"""

import json
import subprocess
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from surveys.config import ROOT
from tests.browser.cdns import free_port
from tests.browser.conftest import DESK, FLAGS, chromium_path
from tests.browser.first_round import Step, Walker, walk
from tests.camera import window

PUBLIC = "https://xdb.example.cn"


def main() -> None:
    """Clone, serve, walk, print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the pages")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        fresh, port = Path(folder) / "fresh", free_port()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(fresh)], check=True)
        begun = time.monotonic()
        with _served(fresh, port) as once:
            installed = time.monotonic() - begun
            chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            page = window(chromium, DESK)
            walker = Walker(page, options.pictures)
            walk(walker, f"http://127.0.0.1:{port}", "admin", once)
            pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
            chromium.close()
    _tell(installed, walker.steps, pages)


@contextmanager
def _served(fresh: Path, port: int) -> Iterator[str]:
    """The one command of the README; the one-time password that it tells."""
    command = ["python3", "run.py", "--empty", "--port", str(port), "--public-url", PUBLIC]
    server = subprocess.Popen(command, cwd=fresh, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = next(line for line in server.stdout if "admin" in line)
        yield line.split()[-1]
    finally:
        server.terminate()
        server.wait()


def _tell(installed: float, steps: list[Step], pages: int) -> None:
    rows = [("装好、开起来（第一次）", "1 条命令", installed, installed / 60)]
    for step in steps:
        asked = f"{step.presses}，{step.typed}"
        rows.append((f"{step.number} {step.title}", asked, step.waited, step.minutes))
    seconds, minutes = sum(row[2] for row in rows), sum(row[3] for row in rows)
    rows.append(("**一个人，从头到海报**", "", seconds, minutes))
    for title, asked, seconds, minutes in rows:
        print(f"| {title} | {asked} | {seconds:.1f} | {minutes:.1f} |")  # noqa: T201
    print(json.dumps({"poster pages": pages}))  # noqa: T201


if __name__ == "__main__":
    main()
