"""Who is at a meeting in the tests: phones with and without a door, host and recorder."""

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from hashlib import sha256
from threading import Barrier, Thread

from flask import Flask

from surveys.base.db import db, new_id
from surveys.meetings import glancing, speaking
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Opinion
from surveys.meetings.phones import Phone
from tests.world import AT, World

DURING = AT + timedelta(minutes=10)
HOST = Host("w", "王楼长")


def add_meeting(world: World, *, begun: bool = True) -> Meeting:
    """A meeting under the tree, straight in the tables: on since AT, or planned for AT."""
    meeting = Meeting(
        id=new_id(),
        courtyard_id=world.courtyard,
        round_id=world.round,
        title="Meeting",
        place="Under the tree",
        starts_at=AT,
        created_by=world.accounts["organizer"],
        created_at=AT - timedelta(days=3),
        begun_at=AT if begun else None,
    )
    db.session.add(meeting)
    db.session.commit()
    return meeting


def phone(name: str, household: str | None = None) -> Phone:
    """The phone of this name, speaking for a household or for nobody."""

    def hashed(whom: str) -> str:
        return sha256(f"{name}:{whom}".encode()).hexdigest()

    return Phone(household, hashed(household or ""), hashed(""))


def say(meeting: Meeting, text: str, who: Phone, **more: object) -> Opinion:
    """What a phone sends; it waits for a glance."""
    asked = {"submission": new_id(), "at": DURING} | more
    return speaking.say(meeting, text, who, **asked)[0]  # type: ignore[arg-type]


def admitted(meeting: Meeting, text: str, who: Phone) -> Opinion:
    """The same, after the host's glance."""
    opinion = say(meeting, text, who)
    glancing.admit(opinion, host=HOST, at=DURING)
    return opinion


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[BaseException]:
    """Do these at the same moment, each as a request of its own; what went wrong."""
    start, faults = Barrier(len(acts)), list[BaseException]()
    db.session.remove()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=Context().run, args=(run, act)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults
