"""The chain of a ballot's events (base/chains.py). No body holds a choice.

Kinds: open, extend, cast, replace, override, withdrawn, reinstated, close, call_back, sign, seal,
count, lot and void.
"""

from surveys.ballots.models import Ballot, Event
from surveys.base.chains import Chains

_BALLOTS = Chains(Ballot, Event, "ballot")

append = _BALLOTS.append
lock = _BALLOTS.lock
events_of = _BALLOTS.links_of
of_kind = _BALLOTS.of_kind
verify = _BALLOTS.verify
