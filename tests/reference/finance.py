"""Books, credit and investment: docs/odd.md, section 7.12."""

from __future__ import annotations

import math

from reference.cluster import Cluster
from reference.entities import BILLS, Firm
from reference.market import export_bill
from reference.world import above_zero, clip, total


def finance(cluster: Cluster) -> None:
    """7.12."""
    p = cluster.p.finance
    lent = cluster.loans + cluster.lost
    if lent > 1e-9:
        cluster.bad_debt += p.memory * (cluster.lost / lent - cluster.bad_debt)
    cluster.credit_wanted = cluster.credit_granted = 0.0
    cluster.loans_placed = cluster.loans_guaranteed = 0.0
    _grant(cluster)
    _guarantee(cluster)
    for firm in cluster.firms:
        _trade(cluster, firm)
        wanted = p.buffer * firm.sales
        secured, firm.lent = _own_security(firm), 0.0
        room = _credit(cluster, firm, wanted)
        _equity(cluster, firm)
        _invest(cluster, firm, wanted, room)
        if firm.lent > 0.0:
            cluster.loans_placed += 1.0
            cluster.loans_guaranteed += firm.debt > secured
    for institution in (cluster.facilitator, *cluster.schools):
        cluster.nation += institution.cash
        institution.cash = 0.0
    surplus = cluster.bank.cash + cluster.loans - cluster.bank_capital
    if surplus > 0.0:
        cluster.bank.cash -= surplus
        cluster.nation += surplus


def _bills(cluster: Cluster, firm: Firm) -> tuple[float, ...]:
    """What a firm is billed, in the order of BILLS."""
    p = cluster.p.finance
    research = firm.rd_share * firm.sales
    export = export_bill(cluster, firm) if firm.export_share > p.exporter else 0.0
    certificate = cluster.p.knowledge.certificate_cost * firm.certified
    return research, export, certificate, p.paperwork * p.overhead * firm.sales


def _most(cluster: Cluster) -> tuple[float, ...]:
    """The largest part of each bill that public money pays."""
    return cluster.p.finance.support_most, 1.0, cluster.p.knowledge.certificate_support, 1.0


def _grant(cluster: Cluster) -> None:
    """Which part of the promised aid the money granted for each bill pays; what nobody claims goes back."""
    cluster.part = [1.0] * len(BILLS)
    for k, (channel, most) in enumerate(zip(BILLS, _most(cluster))):
        if cluster.levers[channel] > 0.0:
            claimed = total(min(most, firm.lever(channel)) * _bills(cluster, firm)[k] for firm in cluster.firms)
            cluster.part[k] = min(1.0, cluster.granted[k] / max(claimed, 1e-9))
            cluster.returned += above_zero(cluster.granted[k] - claimed)


def _own_security(firm: Firm) -> float:
    """What a firm can owe on its own: its collateral, and the bank's acquaintance with it."""
    p = firm.cluster.p.finance
    return firm.assets * (p.collateral + p.relationship * min(firm.bond, 1.0))


def _promise(firm: Firm) -> float:
    """The part of a member's loans for which its fellow members vouch."""
    p = firm.cluster.p.finance
    refused = p.screening * clip(1.0 - firm.margin / p.sound, 0.0, 1.0)
    return min(1.0, firm.lever("mutual")) * firm.climate * (1.0 - refused) * _own_security(firm)


def _guarantee(cluster: Cluster) -> None:
    """Members pay into their pool, as far as what they promise asks for it; a pool that guarantees no more is paid back."""
    p, members = cluster.p.finance, [firm for firm in cluster.firms if firm.member]
    cluster.backing = 0.0
    if cluster.levers["mutual"] > 0.0 and cluster.formal:
        promises = [_promise(firm) for firm in members]
        promised = total(promises)
        dues = [min(p.dues * firm.sales, above_zero(firm.cash)) if own > 0.0 else 0.0 for firm, own in zip(members, promises)]
        part = min(1.0, above_zero(promised / p.gearing - cluster.mutual_pool) / max(total(dues), 1e-9))
        for firm, due in zip(members, dues):
            firm.cash -= part * due
            cluster.mutual_pool += part * due
        cluster.backing = min(1.0, p.gearing * cluster.mutual_pool / max(promised, 1e-9))
    elif cluster.mutual_pool > 0.0:
        back = p.unwinding * cluster.mutual_pool
        cluster.mutual_pool -= back
        for firm in members:
            firm.cash += back / len(members)
        if not members:
            cluster.nation += back


def _trade(cluster: Cluster, firm: Firm) -> None:
    p = cluster.p.finance
    needed = cluster.p.market.inputs * firm.sales * (1.0 - firm.cost_saving)
    outside = above_zero(needed - (firm.purchases - firm.premium))
    wages = cluster.wage * firm.employees
    bills = _bills(cluster, firm)
    research, export, certificate, _ = bills
    overhead = p.overhead * firm.sales + certificate + export
    overhead -= total(firm.aid(channel, most) * bill for channel, most, bill in zip(BILLS, _most(cluster), bills))
    interest = p.interest * firm.debt
    firm.wage_bill = wages
    firm.profit = firm.sales - outside - firm.purchases - wages - research - overhead - interest
    firm.cash += firm.profit
    cluster.nation -= firm.sales - firm.exports - firm.trade
    cluster.abroad -= firm.exports
    cluster.abroad += p.imported * outside
    cluster.nation += (1.0 - p.imported) * outside + wages + research + overhead
    cluster.bank.cash += interest
    firm.margin += p.smoothing * (firm.profit / max(firm.sales, 1e-9) - firm.margin)


def _lend(cluster: Cluster, firm: Firm, asked: float, room: float) -> float:
    """Return what the bank grants of a loan."""
    p = cluster.p.finance
    granted = p.appetite * math.exp(-p.caution * cluster.bad_debt) * min(asked, room)
    cluster.credit_wanted += asked
    cluster.credit_granted += granted
    firm.lent += granted
    _borrow(cluster, firm, granted)
    return granted


def _borrow(cluster: Cluster, firm: Firm, money: float) -> None:
    """Take money from the bank, or pay it back where negative."""
    firm.debt += money
    firm.cash += money
    cluster.loans += money
    cluster.bank.cash -= money


def _credit(cluster: Cluster, firm: Firm, wanted: float) -> float:
    """Ask for a loan or repay; return the room left for loans."""
    p = cluster.p.finance
    limit = _own_security(firm)
    limit *= 1.0 + min(1.0, firm.lever("guarantee"))
    if firm.member and cluster.backing > 0.0:
        limit += cluster.backing * _promise(firm)
    room = above_zero(limit - firm.debt)
    short = p.till * wanted - firm.cash
    if short > 0.0:
        return room - _lend(cluster, firm, short, room)
    _borrow(cluster, firm, -min(p.repay * firm.debt, above_zero(firm.cash - p.till * wanted)))
    return room


def _equity(cluster: Cluster, firm: Firm) -> None:
    p = cluster.p.finance
    young = cluster.world.quarter - firm.born <= p.venture_age
    if cluster.venture_fund > 0.0 and young and firm.knowledge >= cluster.knowledge:
        missing = above_zero(p.buffer * firm.sales - firm.cash)
        equity = min(min(1.0, firm.lever("venture")) * missing, cluster.venture_fund)
        cluster.venture_fund -= equity
        firm.cash += equity


def _invest(cluster: Cluster, firm: Firm, wanted: float, room: float) -> None:
    p = cluster.p.finance
    firm.assets *= 1.0 - p.depreciation
    missing = p.invest_speed * above_zero(p.assets_target * firm.sales - firm.assets)
    if p.leverage * missing > 0.0:
        _lend(cluster, firm, p.leverage * missing, room)
    bought = min(missing, above_zero(firm.cash - p.till * wanted))
    owners = p.payout * above_zero(firm.cash - bought - wanted)
    firm.assets += bought
    firm.cash -= bought + owners
    cluster.abroad += p.imported * bought
    cluster.nation += (1.0 - p.imported) * bought + owners
