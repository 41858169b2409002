"""Counter-based random draws: each is a pure function of (seed, replicate, quarter, process, actor or pair).

A `stream` mixes seed, replicate, quarter and process into one 64-bit word; a draw mixes the stream with the 64-bit
identity of an actor (`identity`) or of a pair (`pair`). Nothing is sequential, so results do not depend on order, threads or
chunks, and an actor that exists in two runs keeps its own stream in both. The mixer is the finaliser of SplitMix64
(Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA).
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S12 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(12)
_LOW, _S16, _S32, _S48 = np.uint64(0xFFFF), np.uint64(16), np.uint64(32), np.uint64(48)
_BELL = math.sqrt(3.0 / (65536.0 * 65536.0 - 1.0))  # one over the standard deviation of that sum
PAST = 4096  # quarters before the start that can be told apart
_UNIT = 1.0 / 4503599627370496.0  # 2**-52: with half a step added, neither 0 nor 1 is ever reached

# One number for each purpose of a draw; never reuse or renumber one (old results would change).
PROCESSES = (
    "founding", "founding_size", "founding_knowledge", "founding_position", "founding_x", "founding_y", "founding_trust",
    "founding_segment", "founding_age", "founding_export", "founding_threshold", "founding_climate",
    "demand_local", "demand_export", "shock_time", "shock_size", "politics",
    "meeting_happens", "meeting_route", "meeting_choice", "meeting_taste", "meeting_priority", "meeting_broker",
    "pipeline", "pipeline_target", "contact", "gossip", "gossip_partner",
    "climb", "forget", "association_found", "join", "leave", "project_launch", "project_kind", "pledge", "project_luck",
    "innovation", "search", "orders", "startup", "startup_segment", "spinoff", "attraction", "exit", "consensus",
    "pipeline_home", "diversification", "clustering", "facilitator_turnover", "election", "selection",
    "contract", "contract_anchor", "lump", "industry", "place",
    "founding_capacity", "willing", "bridge",
    "party", "party_keeps", "bidder", "tender",
    "founding_member", "call",
    "files_sent", "file_approved", "team_launch", "team_kind", "team_pledge",
    "size_class", "sales_class",
)  # fmt: skip
PROCESS = {name: number for number, name in enumerate(PROCESSES, start=1)}


@kernel(entry=True)
def mix(word):
    """Return the 64-bit word scrambled: a bijection in which each input bit moves about half of the output bits."""
    word = (word ^ (word >> _S30)) * _MIX_A
    word = (word ^ (word >> _S27)) * _MIX_B
    return word ^ (word >> _S31)


@kernel(entry=True)
def world_key(seed, replicate):
    """Return the key of one replicate; replicate k needs no other replicate."""
    return mix(mix(np.uint64(seed) + _GOLDEN) + np.uint64(replicate) * _GOLDEN)


@kernel(entry=True)
def stream(key, quarter, process):
    """Return the word that stands for one process in one quarter of one world."""
    return mix(mix(key + np.uint64(quarter + PAST) * _GOLDEN) ^ (np.uint64(process) * _MIX_A))


@kernel(entry=True)
def identity(parent, quarter, number):
    """Return the identity of the `number`-th child of `parent` born in `quarter`: the same in every run that has it."""
    return mix(mix(parent + np.uint64(quarter + PAST) * _GOLDEN) + np.uint64(number + 1) * _MIX_B)


@kernel(entry=True)
def pair(a, b):
    """Return the identity of an unordered pair."""
    return mix(a + b)


@kernel(entry=True)
def uniform(stream, who):
    """Return a draw from the open interval (0, 1)."""
    return (np.float64(mix(stream ^ who) >> _S12) + 0.5) * _UNIT


@kernel(entry=True)
def uniforms(stream, who, draws):
    """Fill `draws` with a draw from the open interval (0, 1) for each identity in `who`."""
    for k in range(who.shape[0]):
        draws[k] = uniform(stream, who[k])


@kernel(entry=True)
def normal(stream, who):
    """Return a standard normal draw (Box & Muller 1958, the cosine branch)."""
    word = mix(stream ^ who)
    radius = (np.float64(word >> _S12) + 0.5) * _UNIT
    angle = (np.float64(mix(word + _GOLDEN) >> _S12) + 0.5) * _UNIT
    return math.sqrt(-2.0 * math.log(radius)) * math.cos(2.0 * math.pi * angle)


@kernel(entry=True)
def bell(stream, who):
    """Return a bounded, bell-shaped draw with mean 0 and variance 1: four 16-bit uniforms summed (Irwin-Hall)."""
    word = mix(stream ^ who)
    total = (word & _LOW) + (word >> _S16 & _LOW) + (word >> _S32 & _LOW) + (word >> _S48)
    return (np.float64(total) - 131070.0) * _BELL


@kernel(entry=True)
def laplace(stream, who):
    """Return a draw with density exp(-|x|)/2: mean 0, variance 2 (tent-shaped growth rates, Stanley et al. 1996)."""
    u = uniform(stream, who) - 0.5
    return -math.copysign(math.log(1.0 - 2.0 * abs(u)), u)


@kernel(entry=True)
def whole(stream, who, mean):
    """Return a whole number with this mean: its floor, plus one with the probability of the remainder."""
    low = math.floor(mean)
    return int(low) + (1 if uniform(stream, who) < mean - low else 0)
