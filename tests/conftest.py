"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# A machine shared with other work may pause any example for longer than the default 200 ms.
settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")
