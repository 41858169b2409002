"""Where firms are: degrees or kilometres, brought to kilometres around the middle of their cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustersim.scenario.registers.firms import Register

EARTH = 6371.0  # km, mean radius
FAR = 500.0  # km: the largest radius of a cluster's territory
RADIUS_LEAST = 1.0
# A firm with a lost sign: so many times further than the median one, and at least so many km away.
APART, APART_LEAST, ENOUGH = 10.0, 50.0, 5
WITHIN = 95.0  # percentile of distances from the middle that the territory's radius takes in


@dataclass(frozen=True)
class Territory:
    """Where a cluster lies.

    Attributes
    ----------
    centre : tuple of float, optional
        Latitude and longitude, or x and y, of its middle.
    degrees : bool
        Whether `centre` is in degrees.
    radius : float, optional
        Radius in km; None if no firm has a place.
    """

    centre: tuple[float, float] | None
    degrees: bool
    radius: float | None


def locate(register: Register, code: np.ndarray, names: list[str]) -> tuple[np.ndarray, np.ndarray, dict[str, Territory]]:
    """Return x and y in km around the middle of each firm's cluster, NaN where unknown, and where each cluster lies.

    `code` is the position of each row's cluster among `names`, -1 for a row that is not used.
    """
    _set_aside(register)
    values = register.values
    x, y = np.full(len(register), np.nan), np.full(len(register), np.nan)
    territories = {}
    for k, name in enumerate(names):
        rows = np.flatnonzero(code == k)
        degrees, kilometres = (rows[~np.isnan(values[column][rows])] for column in ("latitude", "x"))
        if kilometres.size >= degrees.size and kilometres.size:
            centre = float(np.median(values["x"][kilometres])), float(np.median(values["y"][kilometres]))
            here = kilometres
            x[here], y[here] = values["x"][here] - centre[0], values["y"][here] - centre[1]
        elif degrees.size:
            centre = float(np.median(values["latitude"][degrees])), float(np.median(values["longitude"][degrees]))
            here = degrees
            x[here], y[here] = project(values["latitude"][here], values["longitude"][here], centre)
        else:
            territories[name] = Territory(None, False, None)
            continue
        _drop_far(register, here, x, y, centre if here is degrees else None)
        _fill_municipalities(register, rows, x, y)
        distance = np.hypot(x[rows], y[rows])
        distance = distance[~np.isnan(distance)]
        radius = float(np.percentile(distance, WITHIN)) if distance.size else RADIUS_LEAST
        territories[name] = Territory(centre, here is degrees, round(min(max(radius, RADIUS_LEAST), FAR), 1))
    return np.round(x, 3), np.round(y, 3), territories


def project(latitude: np.ndarray, longitude: np.ndarray, centre: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return km east and north of a centre: the plane that touches the sphere there along its parallel."""
    east = np.radians(longitude - centre[1]) * np.cos(np.radians(centre[0])) * EARTH
    return east, np.radians(latitude - centre[0]) * EARTH


def _set_aside(register: Register) -> None:
    """Note coordinates that stand for nothing, and keep only whole pairs."""
    values, header, cells = register.values, register.header, register.sheet.cells
    for first, second, most in (("latitude", "longitude", (90.0, 180.0)), ("x", "y", (np.inf, np.inf))):
        for name, limit in zip((first, second), most, strict=True):
            wrong = (np.abs(values[name]) > limit) & register.used
            if wrong.any():
                written = cells[header.found[name]] if name in header.found else values[name].astype(str).astype(object)
                register.notes.add("out_of_range", wrong, name, written[wrong])
            values[name] = np.where(wrong, np.nan, values[name])
        if first == "latitude":
            nowhere = (values[first] == 0.0) | (values[second] == 0.0)  # 0 stands for none; no firm lies on the line to a metre
            register.notes.add("no_place", nowhere & register.used)
        else:
            nowhere = np.zeros(len(register), bool)
        lone = np.isnan(values[first]) | np.isnan(values[second]) | nowhere
        values[first] = np.where(lone, np.nan, values[first])
        values[second] = np.where(lone, np.nan, values[second])


def _drop_far(register: Register, here: np.ndarray, x: np.ndarray, y: np.ndarray, centre: tuple[float, float] | None) -> None:
    """Set aside what lies far from the rest; and what lies apart from it, but among it with the other sign of a coordinate."""
    distance = np.hypot(x[here], y[here])
    if centre is not None and here.size >= ENOUGH:
        latitude, longitude = register.values["latitude"][here], register.values["longitude"][here]
        usual = max(float(np.median(distance)) * APART, APART_LEAST)
        other = np.min(
            [np.hypot(*project(ns * latitude, ew * longitude, centre)) for ns, ew in ((-1, 1), (1, -1), (-1, -1))], axis=0
        )
        turned = (distance > usual) & (other <= usual)
        register.notes.add("mirrored", here[turned], "", [round(d) for d in distance[turned].tolist()])
        x[here[turned]] = y[here[turned]] = np.nan
        zero = ~turned & (distance > usual) & ((latitude == 0.0) | (longitude == 0.0))
        register.notes.add("zero", here[zero])
        x[here[zero]] = y[here[zero]] = np.nan
        here, distance = here[~turned & ~zero], distance[~turned & ~zero]
        apart = (distance > usual) & (distance <= FAR)
        register.notes.add("apart", here[apart], "", [round(d) for d in distance[apart].tolist()])
    far = here[distance > FAR]
    register.notes.add("far", far, "", [round(d) for d in distance[distance > FAR].tolist()])
    x[far] = y[far] = np.nan


def _fill_municipalities(register: Register, rows: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """Put firms without a place into the middle of their municipality, where others of it have one."""
    towns = register.texts["municipality"][rows]
    placed = ~np.isnan(x[rows])
    for town in set(towns[~placed & (towns != "")]):
        there, lost = rows[placed & (towns == town)], rows[~placed & (towns == town)]
        if there.size:
            x[lost], y[lost] = np.median(x[there]), np.median(y[there])
            register.notes.add("municipality", lost, "municipality")
