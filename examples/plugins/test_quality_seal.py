"""The seal works: its money is spent, it moves its two channels and no other, and it lets go. Run: python -m pytest"""

from pathlib import Path

import pytest

from clustersim.plugins import load_plugin
from clustersim.testing import check_instrument

(SEAL,) = load_plugin(Path(__file__).with_name("quality_seal.py")).kinds


def test_it_works():
    assert set(check_instrument(SEAL, cofinance=0.5).moved) == {"standards", "brand"}


def test_it_is_not_given_away():
    with pytest.raises(ValueError, match="cofinance"):
        check_instrument(SEAL, cofinance=0.1)
