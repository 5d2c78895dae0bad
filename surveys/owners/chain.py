"""The chain of an owners' vote's events (base/chains.py). No body tells how anybody voted.

Kinds: open, extend, deliver, take_back, sheet, confirm, contest, withdraw, decide, correct, proxy,
close, sign, seal, count, publish and void.
"""

from surveys.base.chains import Chains
from surveys.owners.models import OwnersEvent, OwnersVote

_VOTES = Chains(OwnersVote, OwnersEvent, "vote")

append = _VOTES.append
lock = _VOTES.lock
events_of = _VOTES.links_of
of_kind = _VOTES.of_kind
verify = _VOTES.verify
