"""Print the path of a Chromium: this machine's, else the distribution's, else playwright's own.

Where root may install packages, Chinese fonts are installed too, so that screenshots show words.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
APT = ("apt-get", "-qq", "-y", "--no-install-recommends")


def main() -> int:
    """Exit status 1 where no browser can be had."""
    found = on_this_machine()
    missing = [
        *([] if found else ["chromium"]),
        *([] if has_chinese_fonts() else ["fonts-noto-cjk"]),
    ]
    if missing and may_install():
        sys.stderr.write(f"正在安装测试要用的 {'、'.join(missing)} ……\n")
        subprocess.run([*APT, "update"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run([*APT, "install", *missing], stdout=subprocess.DEVNULL, check=False)
        found = on_this_machine()
    found = found or playwrights_own()
    if found:
        sys.stdout.write(found + "\n")
    return 0 if found else 1


def on_this_machine() -> str | None:
    """The one named by SURVEYS_TEST_CHROMIUM, else the first that runs."""
    if given := os.environ.get("SURVEYS_TEST_CHROMIUM"):
        return given
    candidates = [*filter(None, map(shutil.which, NAMES)), *PLACES]
    return next((path for path in candidates if runs(path)), None)


def runs(path: str) -> bool:
    """Whether a browser is there: some names are stubs that only say how to install one."""
    if path in PLACES:
        return Path(path).exists()  # on Windows asking for the version opens a window
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


def may_install() -> bool:
    """Whether this is root on a distribution with apt."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def has_chinese_fonts() -> bool:
    """Whether fontconfig knows a font with Chinese letters; other systems bring theirs."""
    if sys.platform != "linux":
        return True
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def playwrights_own() -> str | None:
    """Download the browser that belongs to the pinned playwright."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        return None
    with sync_playwright() as driver:
        return driver.chromium.executable_path


if __name__ == "__main__":
    sys.exit(main())
