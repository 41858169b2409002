"""Instruments that reach firms, finance, knowledge and markets."""

from __future__ import annotations

from typing import Literal

from clustersim.policy.instruments.base import Effect, Instrument


class SupplierDevelopment(Instrument):
    """Help to SMEs that supply tractor firms: quality toward the buyer's standard."""

    use: Literal["supplier_development"] = "supplier_development"
    payer = "firms"
    effects = (Effect("supplier_quality", 1.0, 150.0, per="thousand jobs"),)
    source = "RP (about 126 USD a job improved: 1.53 million USD in nine chains, 12 167 jobs in ten); ILO table 2; DINI"
    grade = "reported"


class RdTaxCredit(Instrument):
    """A lower price of R&D."""

    use: Literal["rd_tax_credit"] = "rd_tax_credit"
    payer = "firms"
    effects = (Effect("rd_support", 0.25, 800.0, per="hundred firms"),)
    # Dimos & Pugh 2016 find -0.2 to 0.3 units of additional private R&D per unit of support; here all R&D is bought cheaper.
    source = "ILO §2.5; effect on R&D assumed, above what Dimos & Pugh 2016 find; cost assumed"
    grade = "assumed"


class TechnologyCentre(Instrument):
    """Extension that brings frontier knowledge within reach of SMEs."""

    use: Literal["technology_centre"] = "technology_centre"
    recipient = "university"
    effects = (Effect("extension", 1.0, 400.0, per="hundred firms"),)
    source = "ILO table 2; ILO table 5; cost assumed"
    grade = "assumed"


class UniversityProgramme(Instrument):
    """Graduates and research aimed at the cluster's needs."""

    use: Literal["university_programme"] = "university_programme"
    recipient = "university"
    effects = (Effect("graduates", 5.0, 200.0), Effect("extension", 0.3, 200.0))
    source = "ILO table 2; ILO fig 17; cost assumed"
    grade = "assumed"


class ExportNetwork(Instrument):
    """Shares the fixed cost of export."""

    use: Literal["export_network"] = "export_network"
    payer = "firms"
    effects = (Effect("export_support", 0.5, 200.0, per="hundred firms"),)
    source = "ILO table 2; ILO table 5; cost assumed"
    grade = "assumed"


class ClusterBrand(Instrument):
    """Promotion of the place: reputation in its markets and among firms that may settle."""

    use: Literal["cluster_brand"] = "cluster_brand"
    effects = (Effect("brand", 0.3, 150.0),)
    source = "ILO table 2; ILO table 5; cost assumed"
    grade = "assumed"


class FdiAttraction(Instrument):
    """Raises the rate at which tractor firms and specialised suppliers settle."""

    use: Literal["fdi_attraction"] = "fdi_attraction"
    effects = (Effect("attraction", 2.0, 250.0),)
    source = "ILO table 2; RP; ILO fig 17; cost assumed"
    grade = "argued"


class Incubator(Instrument):
    """More start-ups and spin-offs, and better survival of young firms."""

    use: Literal["incubator"] = "incubator"
    effects = (Effect("incubation", 1.0, 300.0, per="hundred firms"),)
    source = "ILO table 5; ILO §2.6; cost assumed"
    grade = "argued"


class CreditGuarantee(Instrument):
    """A fund that covers defaults, so that firms borrow beyond their collateral."""

    use: Literal["credit_guarantee"] = "credit_guarantee"
    recipient = "guarantees"
    effects = (Effect("guarantee", 0.5, 200.0, per="hundred firms"),)
    source = "RP (1235 loans under a guarantee); ILO table 5; cost assumed"
    grade = "argued"


class CertificationSupport(Instrument):
    """A share of the cost of an international certificate."""

    use: Literal["certification_support"] = "certification_support"
    payer = "firms"
    effects = (Effect("certification", 0.6, 200.0, per="hundred firms"),)
    source = "ILO table 2; ILO §1.7; RP; cost assumed"
    grade = "argued"


class MarketIntelligence(Instrument):
    """Studies of markets and customers: firms reach new ones faster."""

    use: Literal["market_intelligence"] = "market_intelligence"
    effects = (Effect("intelligence", 1.0, 100.0, per="hundred firms"),)
    source = "ILO table 2; ILO §2.5; cost assumed"
    grade = "argued"


class VentureFund(Instrument):
    """Equity for young firms without collateral."""

    use: Literal["venture_fund"] = "venture_fund"
    recipient = "ventures"
    effects = (Effect("venture", 0.5, 200.0, per="hundred firms"),)
    source = "ILO table 2; ILO §2.5; size assumed"
    grade = "argued"
