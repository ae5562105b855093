"""What every test shares: how hard Hypothesis looks."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fuzz", max_examples=10_000, print_blob=True)
