"""Association, joint action, conduct: shared vision and members, projects, price agreements."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from clustersim.model.mechanisms.association import recruit, share_vision
from clustersim.model.mechanisms.conduct import agree
from clustersim.model.mechanisms.joint_action import conclude, cooperate
from clustersim.model.state import PROJECT_KINDS, PURCHASE, RESEARCH
from clustersim.views.figures.style import label_ends
from curves.look import axes, legend, line, panels
from curves.stage import Stage

KINDS = ("#0B3C6F", "#2171B5", "#6BAED6", "#C6DBEF", "#FDD0A2", "#FD8D3C", "#A63603")  # easiest to hardest
HATCHES = ("", "///", "", "\\\\\\", "", "///", "")


def association() -> Figure:
    """Growth of a vision; the part of firms that join in a year over what speaks for it."""
    figure, (a, b) = panels("Shared vision, starting from none", "Firms that join within a year")
    for k, (label, members, trust_, workshops, wins) in enumerate((
        ("all take part, trust 0.7, a win a year", 40.0, 0.7, 0.0, 1.0),
        ("all take part, trust 0.7", 40.0, 0.7, 0.0, 0.0),
        ("half take part, trust 0.4, workshops", 20.0, 0.4, 1.0, 0.0),
        ("half take part, trust 0.4", 20.0, 0.4, 0.0, 0.0),
    )):  # fmt: skip
        stage = Stage(smes=40).lever(consensus=workshops)
        c, path = stage.cluster, [0.0]
        c.members, c.trust, c.vision = members, trust_, 0.0
        for q in range(40):
            c.wins += wins if q % 4 == 0 else 0.0
            share_vision(c, stage.p.association)
            path.append(float(c.vision))
        line(a, np.arange(41) / 4.0, path, label, k)
    axes(a, "time (years)", "vision (1)")
    a.set_ylim(0.0, 1.35)
    legend(a, where="upper left")
    sums = np.linspace(0.2, 2.2, 21)
    for k, (label, large, mediators) in enumerate((
        ("no large firm on the board, facilitator", 0.0, 1.0), ("no large firm on the board", 0.0, 0.0),
        ("large firms hold the board", 1.0, 0.0))):  # fmt: skip
        joined = []
        for total in sums:
            stage = Stage(smes=300)
            c = stage.cluster
            c.board_large, c.mediators = large, mediators
            stage.set(belief=total - 0.8, climate=0.4, top=-1, member=0)
            c.vision = 0.4 + 0.1  # the tenth makes good that nobody has a tie (top = -1)
            was = np.zeros(300, bool)
            for q in range(4):
                c.formal, stage.world.quarter = 1, q
                recruit(stage.actors, c, stage.world, stage.p.association)
                was |= stage.get("member") > 0
                stage.set(member=0)
            joined.append(was.mean())
        line(b, sums, joined, label, k)
    axes(b, "belief + vision + climate + 0.1 × highest level of tie (1)", "SMEs that join in a year", percent=True)
    b.set_ylim(0.0, 0.6)
    legend(b, where="upper left")
    return figure


def joint_action() -> Figure:
    """Which projects start over belief; the chance that a project succeeds."""
    figure, (a, b) = panels("Projects that start, at full vision", "Chance that a project succeeds", widths=(1.25, 1.0))
    beliefs, quarters = np.linspace(0.05, 0.65, 13), 120
    started = np.zeros((RESEARCH + 1, beliefs.size))
    for n, belief in enumerate(beliefs):
        stage = Stage(smes=30)
        c = stage.cluster
        c.formal, c.staff, c.members, c.groups = 1, 3.0, 30.0, 1.0
        for q in range(quarters):
            stage.world.quarter, c.vision, c.project_kind[:] = q, 1.0, -1
            stage.set(belief=belief, bond=0.6, member=1, project=-1, cash=1e4)
            cooperate(stage.actors, c, stage.world, stage.p.joint_action)
            if c.projects_started > 0.0:
                started[c.project_kind[0], n] += 1.0 / quarters
    below = np.zeros(beliefs.size)
    ends = []
    for kind, name in enumerate(PROJECT_KINDS):
        a.fill_between(beliefs, below, below + started[kind], facecolor=KINDS[kind], hatch=HATCHES[kind], edgecolor="white",
                       linewidth=0.4)  # fmt: skip
        ends.append((float(below[-1] + 0.5 * started[kind, -1]), name, KINDS[kind]))
        below += started[kind]
    axes(a, "belief of the members (1)", "quarters with a start", percent=True)
    a.set_ylim(0.0, 1.0)
    figure.canvas.draw()
    label_ends(a, ends, swatch=True)
    bonds = np.linspace(0.0, 1.0, 11)
    for k, (label, kind, plan) in enumerate((
        ("joint purchase, with a plan", PURCHASE, 1.0), ("joint purchase", PURCHASE, 0.0), ("R&D consortium", RESEARCH, 0.0))):
        line(b, bonds, [_succeeds(kind, bond, plan) for bond in bonds], label, k)
    axes(b, "mean trust of the partners (1)", "projects that succeed", percent=True)
    b.set_ylim(0.0, 1.15)
    legend(b, where="lower right", title="full vision")
    return figure


def _succeeds(kind: int, bond: float, plan: float, times: int = 400) -> float:
    """Return the share of projects of three partners that succeed."""
    stage, won = Stage(smes=3).lever(planning=plan), 0.0
    c = stage.cluster
    c.vision = 1.0
    for q in range(times):
        stage.world.quarter, c.wins = q, 0.0
        stage.set(bond=bond, project=0)
        c.project_kind[0] = kind
        conclude(stage.actors, c, stage.world, 0, stage.p.joint_action)
        won += float(c.wins) / times
    return won


def conduct() -> Figure:
    """Where price agreements settle over trust and openness; how they form and break."""
    figure, (a, b) = panels("Where agreements settle, all firms members", "How agreements form and break")
    stage, trusts = Stage(smes=10, conduct__speed=1.0), np.linspace(0.3, 0.9, 61)
    stage.set(member=1)
    c = stage.cluster
    for k, links in enumerate((0.0, 0.1, 0.3)):
        settled = []
        for value in trusts:
            c.trust, c.pipelines = value, links * 10.0
            agree(stage.actors, c, stage.p.conduct)
            settled.append(float(c.collusion))
        line(a, trusts, settled, f"{links:g}", k)
    axes(a, "mean trust between partners (1)", "strength of agreements (1)")
    a.set_ylim(0.0, 1.05)
    legend(a, "outside links per firm", where="upper left")
    for k, (label, links, policy) in enumerate((
        ("nothing happens", 0.0, 0.0), ("0.3 outside links per firm from year 10", 0.3, 0.0),
        ("competition policy from year 10", 0.0, 1.0))):  # fmt: skip
        stage = Stage(smes=10).set(member=1)
        c, path = stage.cluster, [0.0]
        c.trust, c.pipelines = 0.7, 0.0
        for q in range(80):
            if q == 40:
                c.pipelines = links * 10.0
                stage.lever(competition=policy)
            agree(stage.actors, c, stage.p.conduct)
            path.append(float(c.collusion))
        line(b, np.arange(81) / 4.0, path, label, k)
    axes(b, "time (years), mean trust 0.7", "strength of agreements (1)")
    b.set_ylim(0.0, 1.35)
    legend(b, where="upper left")
    return figure
