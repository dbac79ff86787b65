"""The pure core: what the person did and where the conversation stands, in; what to say next, out.

Nothing here knows Alexa, JSON or a word of speech. `respond` is the one way in; the names of the
events it understands are `EVENTS`, and an intent called `CrampNowIntent` or `AMAZON.NextIntent`
arrives as the event `CrampNow` or `Next`.
"""

from .dialogue import EVENTS, INTERNAL_EVENTS, respond
from .state import MUSCLES, POSITIONS, State
from .turn import Event, Turn

__all__ = ["EVENTS", "INTERNAL_EVENTS", "MUSCLES", "POSITIONS", "Event", "State", "Turn", "respond"]
