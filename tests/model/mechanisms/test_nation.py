"""Nation: what is published once a year of all jobs and of related clusters."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.mechanisms.nation import publish
from clustersim.model.state import CLUSTERS, RELATED_MAX, WORLDS, table


@pytest.fixture
def nation():
    """Return a maker of worlds of three clusters each; the first is related to the two others of its world."""

    def _nation(worlds=1):
        records, clusters = table(WORLDS, worlds), table(CLUSTERS, 3 * worlds)
        for w in range(worlds):
            first = 3 * w
            records[w].first_cluster, records[w].last_cluster = first, first + 3
            clusters["employment_start"][first : first + 3] = 100.0, 200.0, 700.0
            clusters["employment"][first : first + 3] = 150.0, 250.0, 400.0
            clusters["knowledge"][first : first + 3] = 0.1 + w, 0.2 + w, 0.3 + w
            clusters["technology"][first : first + 3] = 0.5, 0.6, 0.95
            clusters["activity"][first : first + 3] = 0.1, 0.2, 0.3
            clusters["segments"][first : first + 3] = 2
            clusters["market"][first : first + 3, :3] = (10.0, 20.0, 4.0), (30.0, 40.0, 5.0), (50.0, 60.0, 6.0)
            clusters[first].related[:2] = first + 1, first + 2
        return clusters, records

    return _nation


def test_jobs_are_those_of_all_clusters_over_those_at_the_start(nation):
    clusters, worlds = nation()
    publish(clusters, worlds)
    assert clusters.nation_index == pytest.approx([0.8, 0.8, 0.8])


def test_a_nation_without_jobs_at_the_start_divides_by_one(nation):
    clusters, worlds = nation()
    clusters.employment_start = 0.0
    publish(clusters, worlds)
    assert clusters.nation_index == pytest.approx([800.0] * 3)


def test_related_clusters_are_seen_from_ones_own_activity(nation):
    """Where the other's mean technology lies in the coordinates of the own market: shifted by the distance of activities."""
    clusters, worlds = nation()
    publish(clusters, worlds)
    one = clusters[0]
    assert one.related_knowledge == pytest.approx([0.2, 0.3, 0.0])
    assert one.related_technology == pytest.approx([0.7, 0.15, 0.0])  # 0.6 + 0.1, and 0.95 + 0.2 around the circle
    assert one.related_market == pytest.approx([70.0, 110.0, 0.0])


def test_a_related_clusters_own_branch_is_no_part_of_its_market(nation):
    clusters, worlds = nation()
    clusters[1].segments, clusters[1].branch = 3, 2
    clusters[2].segments = 3
    publish(clusters, worlds)
    assert clusters[0].related_market == pytest.approx([70.0, 116.0, 0.0])


def test_who_is_related_to_nobody_hears_of_jobs_alone(nation):
    clusters, worlds = nation()
    publish(clusters, worlds)
    assert clusters[1].related_knowledge.tolist() == [0.0] * RELATED_MAX == clusters[1].related_market.tolist()
    assert clusters[1].nation_index == pytest.approx(0.8)


def test_worlds_do_not_hear_of_each_other(nation):
    clusters, worlds = nation(2)
    clusters["employment"][3:] = 0.0
    publish(clusters, worlds)
    assert clusters.nation_index == pytest.approx([0.8] * 3 + [0.0] * 3)
    assert clusters[3].related_knowledge == pytest.approx([1.2, 1.3, 0.0])


def test_what_was_published_stays_until_the_next_time(nation):
    clusters, worlds = nation()
    publish(clusters, worlds)
    clusters["knowledge"], clusters["employment"] = 9.0, 9.0
    assert np.all(clusters.nation_index == 0.8) and clusters[0].related_knowledge[0] == 0.2
    publish(clusters, worlds)
    assert clusters[0].related_knowledge[0] == 9.0
