"""Instruments that reach firms, finance, knowledge and markets."""

from __future__ import annotations

from typing import Literal

from clustersim.instruments.base import Effect, Instrument


class SupplierDevelopment(Instrument):
    """Help to SMEs that supply tractor firms: quality toward the buyer's standard."""

    use: Literal["supplier_development"] = "supplier_development"
    etiqueta = "Desarrollo de proveedores"
    effects = (Effect("supplier_quality", 1.0, 300.0, per_hundred_firms=True),)
    source = "RP; ILO table 2; DINI; cost assumed"


class RdTaxCredit(Instrument):
    """A lower price of R&D."""

    use: Literal["rd_tax_credit"] = "rd_tax_credit"
    etiqueta = "Crédito fiscal a la I+D"
    effects = (Effect("rd_support", 0.25, 800.0, per_hundred_firms=True),)
    # Dimos & Pugh 2016 find -0.2 to 0.3 units of additional private R&D per unit of support; here all R&D is bought cheaper.
    source = "ILO §2.5; effect on R&D assumed, above what Dimos & Pugh 2016 find; cost assumed"


class TechnologyCentre(Instrument):
    """Extension that brings frontier knowledge within reach of SMEs."""

    use: Literal["technology_centre"] = "technology_centre"
    etiqueta = "Centro tecnológico"
    recipient = "university"
    effects = (Effect("extension", 1.0, 400.0, per_hundred_firms=True),)
    source = "ILO table 2; ILO table 5; cost assumed"


class UniversityProgramme(Instrument):
    """Graduates and research aimed at the cluster's needs."""

    use: Literal["university_programme"] = "university_programme"
    etiqueta = "Programa universitario"
    recipient = "university"
    effects = (Effect("graduates", 5.0, 200.0), Effect("extension", 0.3, 200.0))
    source = "ILO table 2; ILO fig 17; cost assumed"


class ExportNetwork(Instrument):
    """Shares the fixed cost of export."""

    use: Literal["export_network"] = "export_network"
    etiqueta = "Red de exportación"
    effects = (Effect("export_support", 0.5, 200.0, per_hundred_firms=True),)
    source = "ILO table 2; ILO table 5; cost assumed"


class ClusterBrand(Instrument):
    """Promotion of the place: reputation in its markets and among firms that may settle."""

    use: Literal["cluster_brand"] = "cluster_brand"
    etiqueta = "Marca del clúster"
    effects = (Effect("brand", 0.3, 150.0),)
    source = "ILO table 2; ILO table 5; cost assumed"


class FdiAttraction(Instrument):
    """Raises the rate at which tractor firms and specialised suppliers settle."""

    use: Literal["fdi_attraction"] = "fdi_attraction"
    etiqueta = "Atracción de inversión"
    effects = (Effect("attraction", 2.0, 250.0),)
    source = "ILO table 2; RP; ILO fig 17; cost assumed"


class Incubator(Instrument):
    """More start-ups and spin-offs, and better survival of young firms."""

    use: Literal["incubator"] = "incubator"
    etiqueta = "Incubadora"
    effects = (Effect("incubation", 1.0, 300.0, per_hundred_firms=True),)
    source = "ILO table 5; ILO §2.6; cost assumed"


class CreditGuarantee(Instrument):
    """A fund that covers defaults, so that firms borrow beyond their collateral."""

    use: Literal["credit_guarantee"] = "credit_guarantee"
    etiqueta = "Garantía de crédito"
    recipient = "guarantees"
    effects = (Effect("guarantee", 0.5, 200.0, per_hundred_firms=True),)
    source = "RP (1235 loans under a guarantee); ILO table 5; cost assumed"
