"""What is known of countries whose registers are read: their currency, where they lie, and in which planes they are mapped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """A country.

    Attributes
    ----------
    currency : str
        ISO code.
    box : tuple of float
        Least and most latitude, least and most longitude, islands far away left out.
    planes : tuple of str
        Projections in which coordinates in metres are the likeliest, by their EPSG codes.
    """

    currency: str
    box: tuple[float, float, float, float]
    planes: tuple[str, ...]


COUNTRIES = {
    "AR": Country("ARS", (-55.2, -21.7, -73.6, -53.6), ("EPSG:32719", "EPSG:32720", "EPSG:32721")),
    "BR": Country("BRL", (-33.8, 5.3, -74.0, -34.7), ("EPSG:31982", "EPSG:31983", "EPSG:31984")),
    "CL": Country("CLP", (-56.0, -17.4, -76.0, -66.3), ("EPSG:32719", "EPSG:32718")),
    "CO": Country("COP", (-4.3, 13.5, -81.8, -66.8), ("EPSG:9377", "EPSG:3116", "EPSG:32618")),
    "EC": Country("USD", (-5.1, 1.7, -92.1, -75.1), ("EPSG:32717", "EPSG:32718")),
    "ES": Country("EUR", (27.6, 43.9, -18.2, 4.4), ("EPSG:25830", "EPSG:25829", "EPSG:25831")),
    "GB": Country("GBP", (49.8, 60.9, -8.7, 1.8), ("EPSG:27700", "EPSG:32630")),
    "MX": Country("MXN", (14.4, 32.8, -118.5, -86.6), ("EPSG:32614", "EPSG:32613", "EPSG:32612", "EPSG:32615", "EPSG:6372")),
    "PE": Country("PEN", (-18.4, 0.1, -81.4, -68.6), ("EPSG:32718", "EPSG:32717", "EPSG:32719")),
    "US": Country("USD", (24.4, 49.4, -125.0, -66.9), ("EPSG:5070",)),
    "UY": Country("UYU", (-35.1, -30.0, -58.5, -53.0), ("EPSG:32721", "EPSG:5382")),
}
# Names of tax numbers that only one of these countries has.
BY_ID = {
    "nit": "CO", "rfc": "MX", "cuit": "AR", "cnpj": "BR", "cnpj_basico": "BR", "nif": "ES", "cif": "ES", "codigo_nif": "ES",
    "companynumber": "GB", "company_number": "GB",
}  # fmt: skip
