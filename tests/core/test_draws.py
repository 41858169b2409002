"""The draws: uniform, independent across every key, the same compiled and plain, and the only source of chance."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from clustersim.core import draws as source
from clustersim.core.draws import PROCESS, bell, laplace, normal, uniform, whole


def word_of(function):
    """Return the same function with its result as the 64-bit word that kernels see; Python gets an int from compiled code."""
    return lambda *arguments: np.uint64(function(*arguments))


identity, mix, pair = word_of(source.identity), word_of(source.mix), word_of(source.pair)
stream, world_key = word_of(source.stream), word_of(source.world_key)
SOURCE = Path(__file__).parents[2] / "src" / "clustersim"
N = 40_000
KEY = world_key(11, 3)
BASE = stream(KEY, 5, PROCESS["orders"])
WHO = np.arange(1, N + 1, dtype=np.uint64)  # the worst case: neighbours
ACTORS = [identity(np.uint64(99), 0, k) for k in range(N)]  # the usual case


def draws(word, who=WHO, kind=uniform):
    """Return one draw for each identity."""
    return np.fromiter((kind(word, w) for w in who), float, len(who))


def unlike(a, b):
    """Fail if two samples that ought to be independent are not: linear correlation, and counts on a 16 by 16 grid."""
    n = len(a)
    assert abs(np.corrcoef(a, b)[0, 1]) < 4.0 / np.sqrt(n)
    counts = np.histogram2d(a, b, bins=16, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_uniform_is_uniform():
    sample = draws(BASE)
    assert 0.0 < sample.min() and sample.max() < 1.0
    assert stats.chisquare(np.histogram(sample, 256, (0, 1))[0]).pvalue > 1e-3
    assert stats.kstest(sample, "uniform").pvalue > 1e-3
    assert stats.kstest(draws(BASE, ACTORS), "uniform").pvalue > 1e-3
    low = (sample * 2.0**32) % 1.0  # the lower half of the bits is as good
    assert stats.kstest(low, "uniform").pvalue > 1e-3


def test_uniform_stays_open_at_the_ends():
    # mix is a bijection: the words that give the smallest and the largest draw exist, and neither gives 0 or 1.
    for word in (0, 1, 2**63, 2**64 - 1):
        assert 0.0 < uniform(_unmix(word), np.uint64(0)) < 1.0


def _unmix(word: int) -> np.uint64:
    """Return the word that `mix` turns into `word`."""
    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9), (30, 1)):
        back = word
        for _ in range(64 // shift + 1):
            back = word ^ (back >> shift)
        word = back * pow(factor, -1, 2**64) % 2**64
    return np.uint64(word)


def test_unmix_inverts_mix():
    for word in (0, 1, 2**63, 0x0123456789ABCDEF):
        assert int(mix(_unmix(word))) == word


def test_normal_has_its_moments_and_shape():
    sample = draws(BASE, kind=normal)
    assert abs(sample.mean()) < 4 / np.sqrt(N)
    assert abs(sample.std() - 1.0) < 4 / np.sqrt(2 * N)
    assert abs(stats.skew(sample)) < 4 * np.sqrt(6 / N)
    assert abs(stats.kurtosis(sample)) < 4 * np.sqrt(24 / N)
    assert stats.kstest(sample, "norm").pvalue > 1e-3


def test_laplace_has_its_moments_and_shape():
    sample = draws(BASE, kind=laplace)
    assert abs(sample.mean()) < 4 * np.sqrt(2 / N)
    assert sample.var() == pytest.approx(2.0, abs=4 * np.sqrt(20 / N))  # the fourth moment is 24
    assert stats.kstest(sample, "laplace").pvalue > 1e-3


def test_bell_has_its_moments_and_is_the_sum_of_four_uniforms():
    sample = draws(BASE, kind=bell)
    assert abs(sample.mean()) < 4 / np.sqrt(N)
    assert sample.var() == pytest.approx(1.0, abs=4 * np.sqrt(1.7 / N))
    assert stats.kurtosis(sample) == pytest.approx(-0.3, abs=4 * np.sqrt(24 / N))
    assert np.abs(sample).max() <= 2.0 * np.sqrt(3.0) + 1e-3
    assert stats.kstest(sample, stats.irwinhall(4, loc=-2 * np.sqrt(3), scale=np.sqrt(3)).cdf).pvalue > 1e-3


@pytest.mark.parametrize("mean", [0.0, 0.125, 0.5, 1.0, 3.75])
def test_whole_has_its_mean_and_takes_the_two_nearest_numbers(mean):
    sample = np.array([whole(BASE, w, mean) for w in WHO[:20_000]])
    assert set(sample) <= {int(np.floor(mean)), int(np.floor(mean)) + 1}
    assert sample.mean() == pytest.approx(mean, abs=4 * 0.5 / np.sqrt(len(sample)))
    if mean == int(mean):
        assert set(sample) == {int(mean)}


def test_neighbouring_seeds_are_independent():
    for seed in (0, 1, 2**31, 2**62):
        unlike(draws(stream(world_key(seed, 0), 5, 3)), draws(stream(world_key(seed + 1, 0), 5, 3)))


def test_neighbouring_replicates_are_independent():
    for k in (0, 7, 999):
        unlike(draws(stream(world_key(1, k), 5, 3)), draws(stream(world_key(1, k + 1), 5, 3)))


def test_seed_and_replicate_do_not_stand_for_each_other():
    unlike(draws(stream(world_key(1, 2), 5, 3)), draws(stream(world_key(2, 1), 5, 3)))


def test_neighbouring_quarters_are_independent_before_and_after_the_start():
    for q in (-12, -1, 0, 159):
        unlike(draws(stream(KEY, q, 3)), draws(stream(KEY, q + 1, 3)))


def test_neighbouring_processes_are_independent():
    for process in (1, 20, len(PROCESS) - 1):
        unlike(draws(stream(KEY, 5, process)), draws(stream(KEY, 5, process + 1)))


def test_quarter_and_process_do_not_stand_for_each_other():
    unlike(draws(stream(KEY, 3, 5)), draws(stream(KEY, 5, 3)))


def test_one_actor_over_the_quarters_is_independent():
    series = np.array([uniform(stream(KEY, q, 3), ACTORS[0]) for q in range(8000)])
    assert stats.kstest(series, "uniform").pvalue > 1e-3
    unlike(series[:-1], series[1:])


@pytest.mark.parametrize("who", [WHO, ACTORS], ids=["consecutive", "hashed"])
def test_neighbouring_actors_are_independent(who):
    sample = draws(BASE, who)
    for lag in (1, 2, 3, 4, 7, 64, 1024):
        unlike(sample[:-lag], sample[lag:])


def test_a_parent_its_children_and_siblings_are_independent():
    parents = ACTORS[: N // 2]
    first = [identity(uid, 8, 0) for uid in parents]
    second = [identity(uid, 8, 1) for uid in parents]
    later = [identity(uid, 9, 0) for uid in parents]
    own = draws(BASE, parents)
    for other in (first, second, later):
        unlike(own, draws(BASE, other))
    unlike(draws(BASE, first), draws(BASE, second))
    unlike(draws(BASE, first), draws(BASE, later))


def test_pairs_of_one_actor_are_independent_of_each_other_and_of_the_actor():
    hub = ACTORS[0]
    with_hub = draws(BASE, [pair(hub, other) for other in ACTORS[1:]])
    unlike(with_hub[:-1], with_hub[1:])
    unlike(with_hub, draws(BASE, ACTORS[1:]))
    chain = [pair(a, b) for a, b in pairwise(ACTORS[:-1])]
    skip = [pair(a, b) for a, b in zip(ACTORS[:-2], ACTORS[2:], strict=True)]
    unlike(draws(BASE, chain), draws(BASE, skip))


def test_the_two_halves_of_a_normal_draw_do_not_correlate_over_neighbours():
    sample = draws(BASE, kind=normal)
    for lag in (1, 2, 5):
        assert abs(np.corrcoef(sample[:-lag], sample[lag:])[0, 1]) < 4 / np.sqrt(N)


def test_a_bell_draw_is_not_serially_correlated():
    sample = draws(BASE, kind=bell)
    for lag in (1, 2, 5):
        assert abs(np.corrcoef(sample[:-lag], sample[lag:])[0, 1]) < 4 / np.sqrt(N)


def test_pair_is_symmetric():
    for a, b in zip(ACTORS[:500], ACTORS[500:1000], strict=True):
        assert pair(a, b) == pair(b, a) != pair(a, a)


def test_identities_do_not_collide():
    parents = ACTORS[:100]
    ids = {identity(p, q, k) for p in parents for q in range(-2, 98) for k in range(100)}
    assert len(ids) == 1_000_000


def test_pairs_do_not_collide():
    few = ACTORS[:1000]
    ids = {pair(a, b) for i, a in enumerate(few) for b in few[:i]}
    assert len(ids | set(few)) == 1000 * 999 // 2 + 1000


def test_world_keys_and_streams_do_not_collide():
    assert len({world_key(seed, k) for seed in range(300) for k in range(300)}) == 90_000
    words = {stream(KEY, q, process) for q in range(-80, 800) for process in range(1, len(PROCESS) + 1)}
    assert len(words) == 880 * len(PROCESS)


def test_each_process_has_its_own_number():
    assert len(set(PROCESS.values())) == len(PROCESS)
    assert min(PROCESS.values()) == 1


SAMPLE = """
import json
import numpy as np
np.seterr(over="ignore")
from clustersim.core.draws import bell, identity, laplace, normal, pair, stream, uniform, whole, world_key
out = []
for k in range(300):
    word = np.uint64(stream(np.uint64(world_key(3 * k + 2**40, k)), k - 20, k % 40 + 1))
    who = np.uint64(identity(word, k - 5, k))
    both = np.uint64(pair(who, word))
    out.append([int(word), int(who), int(both), whole(word, who, 0.3 * k), float(uniform(word, both)).hex(),
                float(bell(word, who)).hex(), float(normal(word, who)), float(laplace(word, who))])
print(json.dumps(out))
"""


def test_plain_and_compiled_draws_are_the_same():
    def sample(**more):
        done = subprocess.run([sys.executable, "-c", SAMPLE], env=os.environ | more, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    plain, compiled = sample(NUMBA_DISABLE_JIT="1"), sample(NUMBA_DISABLE_JIT="0")
    assert [row[:6] for row in plain] == [row[:6] for row in compiled]
    np.testing.assert_allclose([row[6:] for row in plain], [row[6:] for row in compiled], rtol=1e-14, atol=1e-15)


RESAMPLING = {"experiments", "studies"}  # of results, weights or order of work: no part of the model


def test_chance_comes_from_nowhere_else():
    """No module of the package reaches for a generator: neither Python's, nor NumPy's, nor the system's."""
    banned, found = {"random", "secrets", "uuid"}, []
    for path in sorted(p for p in SOURCE.rglob("*.py") if p.relative_to(SOURCE).parts[0] not in RESAMPLING):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""] + [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy", "os"}:
                names = [f"{node.value.id}.{node.attr}"]
            for name in names:
                if name.split(".")[0] in banned or name in {"np.random", "numpy.random", "os.urandom"}:
                    found.append(f"{path.relative_to(SOURCE)}:{node.lineno}: {name}")
    assert not found, "draws must come from clustersim.core.draws: " + "; ".join(found)
