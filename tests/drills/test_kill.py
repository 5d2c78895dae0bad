"""Servers are killed without warning while answers come in: what was answered is kept."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest

from bench import phones, seed
from bench.phones import TEXT, Fields, Phone
from bench.place import place
from bench.wire import Broken, Wire
from surveys.base.db import db
from surveys.config import ROOT
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Answer, Response
from tests.apart import apart
from tests.conftest import KINDS

SENT = 500
"""answers that are to be received"""
CONNECTIONS = 8
KILLS = 2
PATIENCE_S = 4
LIMIT_S = 120


class Server:
    """The product's own server on one port, killed and started again."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {**os.environ, **environment}
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:surveys.serving"]
        return subprocess.Popen(
            [*command, "-b", f"127.0.0.1:{self.port}", "app:app"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """End master and workers at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        """Kill it, and start it again on the same port."""
        self.kill()
        self.process = self._started()


class Crowd:
    """Phones that answer one after the other and remember what they were told was received."""

    def __init__(self, port: int, questionnaire: str, fields: Fields) -> None:
        self.port = port
        self.address = f"/q/{questionnaire}/all"
        self.fields = list(fields)
        self.until = time.monotonic() + LIMIT_S
        self.received: list[str] = []

    async def send_all(self) -> None:
        """Send everything, over several connections."""
        await asyncio.gather(*(self._one_after_the_other() for _ in range(CONNECTIONS)))

    async def _one_after_the_other(self) -> None:
        while len(self.received) < SENT and time.monotonic() < self.until:
            try:
                async with asyncio.timeout(PATIENCE_S), Wire("127.0.0.1", self.port) as wire:
                    await self._send(wire)
            except (OSError, Broken, TimeoutError):
                await asyncio.sleep(0.05)  # the server is down: this answer is not received

    async def _send(self, wire: Wire) -> None:
        phone = Phone()
        phone.reads(await wire.get(self.address))
        said = f"{TEXT} {phone.submission}"
        form = [(name, said if value == TEXT else value) for name, value in self.fields]
        answer = await wire.post(self.address, phone.form(form), phone.header)
        if answer.status == 303 and answer.header("location").endswith("/thanks"):
            self.received.append(said)


async def _killing(server: Server, crowd: Crowd) -> None:
    chance = random.Random(7)
    sending = asyncio.create_task(crowd.send_all())
    for kill in range(1, KILLS + 1):
        while len(crowd.received) < kill * SENT // (KILLS + 2) and not sending.done():
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.random() / 20)
        await asyncio.to_thread(server.restart)
    await sending


@pytest.mark.parametrize("kind", KINDS)
def test_killing_the_server_loses_no_answer_that_was_received(kind: str) -> None:
    with place(kind) as found:
        with found.app.app_context():
            asked = questionnaires.find(seed.open_questionnaire(seed.seed(4)).id)
            fields = phones.answers(asked.questions)
            db.session.remove()
        server = Server(found.environment)
        crowd = Crowd(server.port, asked.id, fields)
        try:
            apart(asyncio.run, _killing(server, crowd))
        finally:
            server.kill()
        with found.app.app_context():
            sent = db.select(Answer.text).join(Response, Response.id == Answer.response_id)
            kept = set(db.session.scalars(sent.where(Response.sent_at.is_not(None))))
    assert set(crowd.received) - kept == set()
    assert len(crowd.received) >= SENT, f"not within {LIMIT_S} s"
