"""The most frequent phase of many replicates: it changes once where two phases take turns, and nobody's own phases are lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustersim.core.errors import InputError
from clustersim.model.state import PHASES
from clustersim.results import read_run, simulate, write_result
from clustersim.results.phases import PhaseShares, lead, spells
from clustersim.results.summary import document
from result_cases import recorded


def counted(*counts):
    """Return the shares of as many cases as are counted in each phase, quarter by quarter."""
    table = np.zeros((len(PHASES), len(counts)))
    for quarter, each in enumerate(counts):
        table[: len(each), quarter] = each
    cases = int(table[:, 0].sum())
    return PhaseShares(table / cases, cases)


def told(found):
    return found.most_frequent().tolist()


def test_shares_that_cross_to_and_fro_change_the_phase_once():
    second = [10, 20, 30, *[24, 26] * 20, 30, *[26, 24] * 20]  # of fifty; a lead of five is needed
    found = counted(*[(50 - n, n) for n in second])
    plain = found.shares.argmax(axis=0)
    assert (np.diff(plain) != 0).sum() > 70
    assert [tuple(spell) for spell in spells(found.most_frequent())] == [(0, 0, 2), (1, 2, len(second))]
    # the same from the other side: what is told depends on where it came from, not on which phase is listed first
    mirrored = PhaseShares(found.shares[[1, 0, *range(2, len(PHASES))]], found.cases)
    assert told(mirrored) == [1 - code for code in told(found)]


def test_a_clear_change_is_told_at_once_and_a_short_one_too():
    assert told(counted((40, 0), (22, 18), (18, 22), (0, 40))) == [0, 0, 1, 1]  # a lead of exactly a tenth
    assert told(counted((40, 0), (0, 40), (40, 0))) == [0, 1, 0]
    assert told(counted((400, 0), (181, 219), (180, 220))) == [0, 0, 1]


def test_one_replicate_that_takes_turns_changes_nothing():
    for cases in range(2, 12):
        half, more = cases // 2, cases - cases // 2
        found = counted((cases, 0), *[(half, more), (half + 1, more - 1)] * 5)
        assert len(spells(found.most_frequent())) <= 2, cases
    assert told(counted((2, 1), (1, 2), (2, 1), (0, 3), (2, 1))) == [0, 0, 0, 1, 1]


def test_ties_keep_the_phase_that_is_told():
    assert told(counted((10, 10), (10, 10))) == [0, 0]
    assert told(counted((0, 20), (10, 10), (7, 7, 6), (0, 10, 10), (0, 9, 11))) == [1, 1, 1, 1, 2]
    found = counted((0, 0, 15, 5), (10, 0, 10), (0, 0, 10, 10))
    assert told(found) == [2, 2, 2] and found.close().tolist() == [-1, 0, 3]


def test_the_phase_that_is_close_is_told_as_well():
    found = counted((20, 0), (13, 7), (11, 9), (10, 10), (9, 11, 0), (6, 7, 7), (0, 6, 14))
    assert told(found) == [0, 0, 0, 0, 1, 1, 2]
    assert found.close().tolist() == [-1, -1, -1, 1, -1, 2, -1]
    for shares in np.random.default_rng(3).multinomial(30, [1 / len(PHASES)] * len(PHASES), size=(20, 50)):
        found = PhaseShares(shares.T / 30, 30)
        most, close, quarters = found.most_frequent(), found.close(), np.arange(50)
        # whatever has a larger share than the phase that is told is told as close, or is less close than another that is
        behind = found.shares[most, quarters] < found.shares.max(axis=0)
        assert (close[behind] >= 0).all() and (close != most).all()
        assert (found.shares.max(axis=0) - found.shares[most, quarters] < lead(30)).all()


def test_a_single_replicate_tells_its_own_phases():
    codes = np.random.default_rng(1).integers(0, len(PHASES), 60)
    found = PhaseShares.of(codes[None])
    assert found.cases == 1 and told(found) == codes.tolist() and set(found.close()) == {-1}
    result = simulate("technology_shock", years=3, seed=4)
    for cluster in result.indicators["cluster"].unique():
        own = result.indicators[result.indicators["cluster"] == cluster]
        table = result.most_frequent_phase(cluster)
        assert table["phase"].tolist() == own["phase"].tolist() and table["year"].tolist() == own["year"].tolist()
        assert table["close"].isna().all() and (table["share"] == 1.0).all()


def test_a_result_tells_it_by_quarter_whatever_the_order_of_its_rows(tmp_path):
    result = recorded()
    table = result.most_frequent_phase("north")
    shares = pd.crosstab(
        result.indicators.query("cluster == 'north'")["quarter"], result.indicators["phase"].astype(str), normalize="index"
    )
    assert table["quarter"].tolist() == list(range(22)) and table["year"].iloc[0] == 1990.0
    for row in table.itertuples():
        assert row.share == shares.loc[row.quarter, row.phase]
    again = read_run(write_result(result, tmp_path / "run"))
    again.indicators = again.indicators.sample(frac=1.0, random_state=1)
    pd.testing.assert_frame_equal(again.most_frequent_phase("north"), table)
    both = result.most_frequent_phase()
    assert len(both) == 22 and both["share"].max() <= 1.0
    for said, cluster in zip(document(result)["clusters"], ("north", "south"), strict=True):
        each = result.most_frequent_phase(cluster).iloc[[3, 7, 11, 15, 19, 21]]
        found = said["most_frequent_phase"]
        assert found["year"] == said["phase_shares"]["year"] == (each["year"] + 0.25).tolist()
        assert found["phase"] == each["phase"].tolist()
        assert found["close"] == [None if pd.isna(name) else name for name in each["close"]]


@pytest.mark.parametrize(("name", "said"), [("nord", "'nord' is not a cluster"), (3, "3 is not a cluster"), ("", "'' is not")])
def test_a_cluster_that_is_not_there_is_refused_with_a_sentence(name, said):
    with pytest.raises(InputError, match=said) as caught:
        recorded().most_frequent_phase(name)
    assert "Allowed: north, south." in str(caught.value) and ("Did you mean 'north'?" in str(caught.value)) == (name == "nord")
