#!/usr/bin/env python3
"""The one command: `python3 run.py` sets up and serves; `test`, `check`, `bench` do as they say.

Needs Python 3.11 and pip (or uv), nothing else: it uses the standard library only, makes `.venv`
beside itself and installs the pinned requirements there. Whatever knows the product is a `flask`
command; this file only starts it.
"""

import argparse
import contextlib
import hashlib
import http.client
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
READY_SECONDS = 60
STOP_SECONDS = 15
TICK_SECONDS = 10
JOBS_SECONDS = 2

RUNTIME = ("requirements.txt", "requirements-htmx.txt")
SCALE = (*RUNTIME, "requirements-scale.txt")
DEVELOPMENT = (*RUNTIME, "requirements-dev.txt", "requirements-peers.txt")
ALONE = {"requirements-htmx.txt", "requirements-peers.txt"}
"""installed without what they ask for, of which nothing is used"""

Environment = dict[str, str]
Children = dict[str, subprocess.Popen[bytes]]
Command = Sequence[str | Path]


class Stop(Exception):
    """It cannot go on: carries the sentence that says why, and what to do."""


def say(sentence: str) -> None:
    """Tell the person at the terminal, apart from what a program may read on stdout."""
    print(sentence, file=sys.stderr, flush=True)


# --- the environment: .venv and what is installed in it ---------------------------------------


def install(files: Sequence[str]) -> None:
    """Make `.venv` and bring it to the pins of `files`; at once when nothing changed."""
    if not _answers([PYTHON, "-c", ""]):
        _make_venv()
    missing = [name for name in files if not _is_installed(name)]
    if missing:
        say("正在安装所需的程序包（只在第一次或有更新时，约一分钟）……")
    for name in missing:
        no_deps = ["--no-deps"] if name in ALONE else []
        command = [*_installer(), *no_deps, "-r", ROOT / name]
        _must(command, f"没能装好 {name}，上面是原因。若是网络不通，请再运行一次。")
        _stamp(name).write_text(_fingerprint(name), encoding="ascii")


def _make_venv() -> None:
    say("正在准备运行环境 .venv ……")
    make: Command = [sys.executable, "-m", "venv", "--without-pip"]  # Debian has no ensurepip
    if uv := shutil.which("uv"):
        make = [uv, "venv", "--quiet", "--python", sys.executable]
    _must([*make, "--clear", VENV], "没能建立运行环境 .venv，上面是原因。")


def _installer() -> list[str | Path]:
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", PYTHON]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    if not _answers([*pip, "--version"]):
        raise Stop("没有找到 pip。Debian、Ubuntu 请先运行 sudo apt install python3-pip，再来一次。")
    return [*pip, "--python", str(PYTHON), "install", "-qq"]


def _is_installed(name: str) -> bool:
    stamp = _stamp(name)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _fingerprint(name)


def _stamp(name: str) -> Path:
    return VENV / f"installed-{name}"


def _fingerprint(name: str) -> str:
    """Changes whenever the pins of `name` do, or those of a file it includes with `-r`."""
    text = (ROOT / name).read_text(encoding="utf-8")
    included = [line[3:].strip() for line in text.splitlines() if line.startswith("-r ")]
    parts = [text, *(_fingerprint(each) for each in included)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _answers(command: Command) -> bool:
    """Whether a program is there and runs."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(command: Command, environment: Environment | None = None) -> int:
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _must(command: Command, otherwise: str) -> None:
    if _run(command):
        raise Stop(otherwise)


# --- serving ----------------------------------------------------------------------------------


def serve(options: argparse.Namespace) -> int:
    """Bring the database up to date, serve, keep the clock ticking, say what to open."""
    _refuse_taken_port(options.host, options.port)
    environment = _serving_environment(options)
    postgres = environment.get("SURVEYS_DATABASE_URL", "").startswith("postgres")
    install(SCALE if postgres else RUNTIME)
    addresses = _prepare("--empty" if options.empty else "--demo", environment)
    children: Children = {}
    try:
        children["网页服务"] = _start(_server(options.host, options.port), environment)
        _wait_until_ready(children, _reachable(options.host), options.port)
        tick: Command = [PYTHON, "-m", "flask", "tick", "--every", str(TICK_SECONDS)]
        children["定时服务"] = _start(tick, environment)
        jobs: Command = [PYTHON, "-m", "flask", "jobs", "--every", str(JOBS_SECONDS)]
        children["做长活的服务"] = _start(jobs, environment)
        for each in addresses:
            print(f"{each['url']}  {each['what']}", flush=True)
        say("正在运行。按 Ctrl-C 停止。")
        _watch(children)
    finally:
        _stop(children)
    return 0


def _refuse_taken_port(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as fault:
        raise Stop(
            f"{host} 的端口 {port} 用不了：可能已有程序在用，也可能地址写错了。"
            f"请先停掉那个程序，或换一个端口：python3 run.py --port {port % 60000 + 1}"
        ) from fault


def _public_address(options: argparse.Namespace) -> str:
    """The base of printed addresses: the given one, else one that other machines may reach."""
    given: str = options.public_url or os.environ.get("SURVEYS_PUBLIC_URL") or ""
    if given:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise Stop(f"--public-url 要写全，像 https://xdb.example.cn 这样，不能是 {given}")
        return given.rstrip("/")
    host = options.host
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - asked for by the person who starts it
        host = _lan_host()
        say(f"同一网络里的手机请打开 http://{host}:{options.port}；不对就用 --public-url 指明。")
    return f"http://{f'[{host}]' if ':' in host else host}:{options.port}"


def _lan_host() -> str:
    """This machine's address in its local network. Nothing is sent: the system picks a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _serving_environment(options: argparse.Namespace) -> Environment:
    instance = Path(os.environ.get("SURVEYS_INSTANCE") or ROOT / "instance").resolve()
    environment = {
        **os.environ,
        "FLASK_APP": "app",
        "PYTHONUTF8": "1",
        "SURVEYS_INSTANCE": str(instance),
        "SURVEYS_PUBLIC_URL": _public_address(options),
    }
    if options.database:
        environment["SURVEYS_DATABASE_URL"] = options.database
    elif not options.empty:  # the demonstration keeps out of the real database
        environment["SURVEYS_DATABASE_URL"] = f"sqlite:///{(instance / 'demo.sqlite3').as_posix()}"
    return environment


def _prepare(what: str, environment: Environment) -> list[dict[str, str]]:
    """Migrate, load what is asked for, and learn which addresses to open."""
    command: Command = [PYTHON, "-m", "flask", "prepare", what, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Stop("数据库没有准备好，上面是原因。")
    addresses: list[dict[str, str]] = json.loads(done.stdout)["addresses"]
    return addresses


def _server(host: str, port: int) -> Command:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if WINDOWS:
        return [PYTHON, "-m", "waitress", "--threads", "16", "--listen", bind, "app:app"]
    return [PYTHON, "-m", "gunicorn", "-c", "python:surveys.serving", "-b", bind, "app:app"]


def _start(command: Command, environment: Environment) -> subprocess.Popen[bytes]:
    """Start a child that leaves Ctrl-C to us, so that it ends once, in order and quietly."""
    previous = None if WINDOWS else signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.Popen(command, cwd=ROOT, env=environment)
    finally:
        if previous is not None:
            signal.signal(signal.SIGINT, previous)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _wait_until_ready(children: Children, host: str, port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        _refuse_dead(children)
        if _is_healthy(host, port):
            return
        time.sleep(0.05)
    raise Stop(f"等了 {READY_SECONDS} 秒，网页服务还没有回应。")


def _is_healthy(host: str, port: int) -> bool:
    with contextlib.closing(http.client.HTTPConnection(host, port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def _watch(children: Children) -> None:
    while True:
        _refuse_dead(children)
        time.sleep(0.5)


def _refuse_dead(children: Children) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise Stop(f"{name}自己停了（代码 {child.returncode}），其余的也停下来了。")


def _stop(children: Children) -> None:
    """End the children in order; whoever does not listen is ended by force."""
    for child in children.values():
        child.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


# --- tests, checks, figures -------------------------------------------------------------------


def check(options: argparse.Namespace) -> int:
    """Style, form and types; all three speak before it fails."""
    install(DEVELOPMENT)
    checks = ("ruff check", "ruff format --check", "mypy --strict")
    return max([_run([PYTHON, "-m", *each.split()]) for each in checks])


def test(options: argparse.Namespace) -> int:
    """The suite on SQLite and a real PostgreSQL, pages in a real browser."""
    install(DEVELOPMENT)
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if not options.no_browser:
        environment["SURVEYS_TEST_CHROMIUM"] = find_browser()
    wishes = (("--long", options.long), ("--no-browser", options.no_browser))
    # file by file in their order: by their number of tests, the few long ones would come last
    at_once = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    at_once.append("--no-loadscope-reorder")
    words = [*(name for name, wished in wishes if wished), *(options.rest or at_once)]
    with postgres(environment, wanted=not options.no_postgres):
        return _run([PYTHON, "-m", "pytest", *words], environment)


def bench(options: argparse.Namespace) -> int:
    """The published figures, made again on this machine."""
    install(DEVELOPMENT)
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with postgres(environment, wanted=not options.no_postgres, durable=True):
        return _run([PYTHON, "-m", "bench", *options.rest], environment)


@contextlib.contextmanager
def postgres(environment: Environment, *, wanted: bool, durable: bool = False) -> Iterator[None]:
    """Within: `TEST_POSTGRES_URL` in `environment` names a server, the given one or one we lend.

    Args:
        wanted: without, the name is removed, and tests run on SQLite alone.
        durable: commits reach the disk, as figures need and tests do not.
    """
    if not wanted:
        environment.pop("TEST_POSTGRES_URL", None)
    if not wanted or environment.get("TEST_POSTGRES_URL"):
        yield
        return
    command: Command = [PYTHON, ROOT / "tests" / "lend_postgres.py", *(["--durable"] * durable)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as lender:
        address = lender.stdout.readline().strip() if lender.stdout else ""
        if not address:
            raise Stop(
                "没有可用的 PostgreSQL，上面是原因。请用 TEST_POSTGRES_URL 指明一个，"
                "或加 --no-postgres 只在 SQLite 上测试。"
            )
        environment["TEST_POSTGRES_URL"] = address
        yield  # leaving the block closes the lender's stdin, which ends it


def find_browser() -> str:
    """Path of a Chromium, found or installed."""
    command: Command = [PYTHON, ROOT / "tests" / "find_browser.py"]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if found.returncode:
        raise Stop("没有 Chromium，也没能装上。请装好再来，或加 --no-browser 跳过网页测试。")
    return found.stdout.strip()


# --- the command line -------------------------------------------------------------------------


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """What the person asked for; `options.act` is the function that does it."""
    parser = argparse.ArgumentParser(
        prog="python3 run.py",
        description="小板凳：不带参数就装好并运行演示；test 测试，check 检查，bench 测速。",
    )
    parser.set_defaults(act=serve, rest=[])
    add = parser.add_argument
    add("--empty", action="store_true", help="不要演示，运行一个空的、真正要用的")
    add("--host", default="127.0.0.1", help="在哪个地址上服务；0.0.0.0 让手机也能打开")
    add("--port", type=int, default=8000, help="端口，默认 8000")
    add("--database", metavar="URL", help="数据库地址；不写就用 instance/ 里的文件")
    add("--public-url", metavar="URL", help="印在纸上和二维码里的网址")
    acts = parser.add_subparsers(title="其他", metavar="")
    acts.add_parser("check", help="ruff 与 mypy").set_defaults(act=check)
    tests = acts.add_parser("test", help="测试；多余的参数交给 pytest")
    tests.set_defaults(act=test)
    tests.add_argument("--no-browser", action="store_true", help="跳过要浏览器的测试")
    tests.add_argument("--long", action="store_true", help="加上费时的演练")
    figures = acts.add_parser("bench", help="测速；多余的参数交给 bench", add_help=False)
    figures.set_defaults(act=bench)
    for each in (tests, figures):
        each.add_argument("--no-postgres", action="store_true", help="只用 SQLite")
    options, rest = parser.parse_known_args(words)
    if rest and options.act not in (test, bench):
        parser.error(f"不认识 {' '.join(rest)}")
    options.rest = rest
    return options


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Do what is asked; a fault is one sentence and exit status 1."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this line is what makes it so
        say(f"需要 Python 3.11 或更新的版本，这里是 {sys.version.split()[0]}。")
        return 1
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    options = read_arguments(sys.argv[1:])
    try:
        status: int = options.act(options)
    except Stop as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        return 130 if options.act is not serve else 0
    return status


if __name__ == "__main__":
    sys.exit(main())
