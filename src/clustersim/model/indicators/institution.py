"""Institution and policy: association, vision, projects, budget by source, public money, levers at work."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.levers import FACILITATION
from clustersim.model.state import ASSOCIATION, FREE, PROJECTS_MAX

RESEARCH = 6  # the last kind of joint project

INDICATORS = {
    "formal": Indicator("Association exists", "Existe la asociación", "flag", "1 where an association exists"),
    "members": Indicator("Members", "Miembros", "firms", "member firms of the association"),
    "vision": Indicator("Shared vision", "Visión compartida", "1", "consensus on a shared vision, 0 to 1"),
    "belief": Indicator("Belief in joint action", "Fe en la acción conjunta", "1", "mean over firms, 0 to 1"),
    "projects_running": Indicator("Joint projects running", "Proyectos conjuntos en marcha", "projects",
                                  "projects not yet ended"),
    "projects_started": Indicator("Joint projects started", "Proyectos conjuntos iniciados", "projects/quarter",
                                  "in the quarter"),
    "projects_succeeded": Indicator("Joint projects succeeded", "Proyectos conjuntos logrados", "projects/quarter",
                                    "in the quarter"),
    "projects_failed": Indicator("Joint projects failed", "Proyectos conjuntos fallidos", "projects/quarter",
                                 "in the quarter"),
    "staff": Indicator("Association staff", "Personal de la asociación", "persons", "staff of the association"),
    "association_cash": Indicator("Association funds", "Fondos de la asociación", "kUSD", "cash of the association"),
    "income_public": Indicator("Association: public income", "Asociación: ingreso público", "kUSD/quarter",
                               "public grants received in the quarter"),
    "income_private": Indicator("Association: fees and services", "Asociación: cuotas y servicios", "kUSD/quarter",
                                "fees and services sold in the quarter"),
    "public_share": Indicator("Association: public share of income", "Asociación: cuota pública del ingreso", "share",
                              "public income / (public income + fees and services); 0 without income"),
    "brand": Indicator("Brand", "Marca", "1", "reputation of the cluster, 0 to 1"),
    "public_spending": Indicator("Public spending", "Gasto público", "kUSD/quarter", "public money paid by the programme"),
    "private_cofinance": Indicator("Private co-finance", "Cofinanciación privada", "kUSD/quarter",
                                   "private money beside public money, and into joint projects"),
    "facilitators": Indicator("Facilitators at work", "Facilitadores activos", "persons", "lever facilitation"),
    "credibility": Indicator("Credibility of the programme", "Credibilidad del programa", "1", "0 to 1"),
    "research_running": Indicator("R&D consortia running", "Consorcios de I+D en marcha", "projects",
                                  "joint projects of the kind research not yet ended"),
    "groups": Indicator("Members in thematic groups", "Miembros en grupos temáticos", "share", "share of members"),
    "board_private": Indicator("Private seats on the board", "Puestos privados en la junta", "share",
                               "share that follows fees and services in income, smoothed"),
    "board_large": Indicator("Board seats of large members", "Puestos de grandes miembros en la junta", "share",
                             "share that follows fees of members with 250 employees or more in income, smoothed"),
    "collusion": Indicator("Price agreements", "Acuerdos de precios", "1", "strength of collusion, 0 to 1"),
    "funds": Indicator("Unspent public funds", "Fondos públicos sin gastar", "kUSD",
                       "project, guarantee and venture funds at the end of the quarter"),
    "rapport": Indicator("Credibility of the facilitator", "Credibilidad del facilitador", "1", "0 to 1; 0 where none works"),
    "returned": Indicator("Public money returned", "Dinero público devuelto", "kUSD/quarter",
                          "unspent funds returned to the nation after the programme"),
    "kept": Indicator("Money left by evaluation", "Dinero que deja la evaluación", "share",
                      "part of the programme's planned money that its last evaluation left; 1 before the first"),
    "mapped": Indicator("Cluster mapped", "Clúster mapeado", "share", "how well the programme knows the cluster, 0 to 1"),
}  # fmt: skip


@kernel
def measure(actors, cluster, out):
    """Fill the family in the declared order."""
    belief, running, research = 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            belief += actors.belief[i]
    for slot in range(PROJECTS_MAX):
        running += cluster.project_kind[slot] >= 0
        research += cluster.project_kind[slot] == RESEARCH
    income = cluster.income_public + cluster.income_private
    out[0], out[1], out[2] = cluster.formal, cluster.members, cluster.vision
    out[3] = belief / max(cluster.firm_count, 1.0)
    out[4], out[5] = running, cluster.projects_started
    out[6], out[7] = cluster.projects_succeeded, cluster.projects_failed
    out[8], out[9] = cluster.staff, actors.cash[cluster.first + ASSOCIATION]
    out[10], out[11] = cluster.income_public, cluster.income_private
    out[12] = cluster.income_public / income if income > 0.0 else 0.0
    out[13], out[14], out[15] = cluster.brand, cluster.public_spending, cluster.private_cofinance
    out[16], out[17] = cluster.levers[FACILITATION], cluster.credibility
    out[18], out[19], out[20] = research, cluster.groups, cluster.board_private
    out[21], out[22] = cluster.board_large, cluster.collusion
    out[23], out[24] = cluster.project_fund + cluster.guarantee_fund + cluster.venture_fund, cluster.rapport
    out[25], out[26], out[27] = cluster.returned, cluster.kept, cluster.mapped
