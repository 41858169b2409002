"""What coordinates are: degrees, kilometres, or metres of a map's plane; whether two columns are exchanged or a sign is lost."""

from __future__ import annotations

import numpy as np

from clustersim.core.errors import InputError, door
from clustersim.core.words import _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.countries import COUNTRIES
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.firms import Register
from clustersim.scenario.registers.values import country_of

MOST = 0.5  # part of the firms whose coordinates say what all of them are
KM_MOST = 2000.0  # beyond, coordinates of a plane are metres
TOWN = 3.0  # degrees that a place spans at most
FROM_NOUGHT = 5.0  # times its own width that a place lies from 0, 0 if its coordinates are degrees and not km around its middle
NORTH, SOUTH = 71.0, -56.0  # latitudes between which people live
SAID_KM = ("km",)


def settle(register: Register) -> None:
    """Bring coordinates to degrees or km, and list what can be read in two ways as a doubt."""
    crs = register.asked.crs
    if crs is None and register.known is not None and register.known.crs and not _look_like_degrees(register):
        crs = register.known.crs
    _from_wrong_columns(register)
    if crs is not None and crs.startswith("EPSG:"):
        _unproject(register, crs)
    elif crs == "degrees" or (crs is None and _look_like_degrees(register)):
        _x_and_y_are_degrees(register)
    elif crs is None:
        _metres(register)
    _turn(register)
    _say_centre(register)


def _pair(register: Register, first: str, second: str) -> np.ndarray:
    """Return the rows that have both coordinates."""
    values = register.values
    return np.flatnonzero(register.used & ~np.isnan(values[first]) & ~np.isnan(values[second]))


def _look_like_degrees(register: Register) -> bool:
    """Whether x and y are degrees: in their range, of one place, and far from 0, 0 for its width."""
    rows = _pair(register, "x", "y")
    if not rows.size or any(plain(register.written(name)).endswith("_km") for name in ("x", "y")):
        return False
    x, y = register.values["x"][rows], register.values["y"][rows]
    inside = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
    if inside.mean() <= 1.0 - 0.1:
        return False
    x, y = x[inside], y[inside]
    width = max(float(np.ptp(np.percentile(x, (5, 95)))), float(np.ptp(np.percentile(y, (5, 95)))))
    country = country_of(register)
    if country is not None and _within(float(np.median(y)), float(np.median(x)), country) and width <= 30.0:
        return True
    whole = bool((x == np.rint(x)).all() and (y == np.rint(y)).all())
    return not whole and width <= TOWN and float(np.hypot(np.median(x), np.median(y))) > FROM_NOUGHT * max(width, 0.01)


def _x_and_y_are_degrees(register: Register) -> None:
    rows = _pair(register, "x", "y")
    if not rows.size:
        return
    values = register.values
    for name, source in (("longitude", "x"), ("latitude", "y")):
        values[name] = np.where(np.isnan(values[name]), values[source], values[name])
        values[source] = np.full(len(register), np.nan)
    register.decisions["coordinates"] = "degrees"


def _from_wrong_columns(register: Register) -> None:
    """Take columns of latitude and longitude that hold metres for what they are."""
    rows = _pair(register, "latitude", "longitude")
    if not rows.size:
        return
    values = register.values
    metres = (np.abs(values["latitude"][rows]) > KM_MOST) & (np.abs(values["longitude"][rows]) > KM_MOST)
    if metres.mean() <= MOST or (values["longitude"][rows] < 0.0).mean() > MOST:
        return
    # The north coordinate of most planes of the South is larger than the east one; both headings say which is which.
    for name, source in (("x", "longitude"), ("y", "latitude")):
        values[name], values[source] = values[source], np.full(len(register), np.nan)


def _unproject(register: Register, crs: str) -> None:
    """Bring metres of a plane to degrees."""
    rows = _pair(register, "x", "y")
    option = door(command="--crs", python="crs")
    try:
        from pyproj import CRS, Transformer
        from pyproj.exceptions import CRSError
    except ImportError:
        hint = _("Install {what}.", what="clustersim[registers]")
        raise InputError(option, "", _("coordinates of a plane need the package {name}.", name="pyproj"), hint) from None
    try:
        plane = CRS.from_user_input(crs)
        if not plane.is_projected and not plane.is_geographic:
            raise CRSError(crs)
    except CRSError:
        raise InputError(option, "", _("{found!r} is not a plane that is known.", found=clip(crs))) from None
    if not rows.size:
        raise InputError(option, "", _("the register has no pair of columns x and y with numbers."))
    if plane.is_geographic:
        _x_and_y_are_degrees(register)
        return
    values = register.values
    longitude, latitude = Transformer.from_crs(plane, "EPSG:4326", always_xy=True).transform(values["x"][rows], values["y"][rows])
    fine = np.isfinite(longitude) & np.isfinite(latitude)
    for name, found in (("longitude", longitude), ("latitude", latitude)):
        values[name] = values[name].copy()
        values[name][rows[fine]] = found[fine]
    for name in ("x", "y"):
        lost = np.zeros(len(register), bool)
        lost[rows[~fine]] = True
        register.note("out_of_range", lost, name, values[name].astype(str).astype(object))
        values[name] = np.full(len(register), np.nan)
    register.decisions["coordinates"] = crs


def _metres(register: Register) -> None:
    """Take x and y that can only be metres for metres, and ask of which plane they are."""
    rows = _pair(register, "x", "y")
    values = register.values
    if not rows.size or np.median(np.maximum(np.abs(values["x"][rows]), np.abs(values["y"][rows]))) <= KM_MOST:
        return
    for name in ("x", "y"):
        values[name] = values[name] / 1000.0
    register.decisions["coordinates"] = "metres"
    planes = COUNTRIES[country].planes if (country := country_of(register)) else ()
    found = _("{x} and {y} look like metres of a map's plane, and nothing says of which; distances are taken as they are.",
              x=clip(register.written("x")), y=clip(register.written("y")))  # fmt: skip
    answers = tuple(Answer("crs", plane, _("They are metres of this plane.")) for plane in planes)
    register.doubts.append(Doubt("coordinates", "x", found, answers or (Answer("crs", "", _("Its code, such as EPSG:32717.")),)))


def _within(latitude: float, longitude: float, country: str) -> bool:
    south, north, west, east = COUNTRIES[country].box
    return south <= latitude <= north and west <= longitude <= east


def _turn(register: Register) -> None:
    """Exchange latitude and longitude, or give them the other sign, where only so the place is where it can be."""
    rows = _pair(register, "latitude", "longitude")
    if not rows.size:
        return
    values, asked = register.values, register.asked
    if asked.swapped:
        values["latitude"], values["longitude"] = values["longitude"], values["latitude"]
        register.decisions["coordinates"] = "swapped"
        return
    if asked.swapped is False or asked.crs == "degrees":
        return
    latitude, longitude = float(np.median(values["latitude"][rows])), float(np.median(values["longitude"][rows]))
    country = country_of(register)

    def fits(north: float, east: float) -> bool:
        if country is not None:
            return _within(north, east, country)
        return SOUTH <= north <= NORTH and abs(east) <= 180.0

    if fits(latitude, longitude):
        return
    middle = f"{latitude:.4g}, {longitude:.4g}"
    where = {"middle": middle, "country": country or ""}
    if fits(longitude, latitude):
        if country is None:
            found = _("latitude and longitude put the place at {middle}, where nobody lives; read as exchanged.", **where)
        else:
            found = _("latitude and longitude put the place at {middle}, outside of {country}; read as exchanged.", **where)
        values["latitude"], values["longitude"] = values["longitude"], values["latitude"]
        register.decisions["coordinates"] = "swapped"
    else:
        turned = next(
            ((ns, ew) for ns, ew in ((-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)) if fits(ns * latitude, ew * longitude)), None
        )
        if turned is not None and country is not None:
            found = _(
                "latitude and longitude put the place at {middle}, outside of {country}; read with the sign that is lost.",
                **where,
            )
            values["latitude"], values["longitude"] = turned[0] * values["latitude"], turned[1] * values["longitude"]
            register.decisions["coordinates"] = "sign"
        elif country is not None:
            found = _("latitude and longitude put the place at {middle}, outside of {country}; read as they stand.", **where)
        else:
            return  # out of range, which is told of each row
    register.doubts.append(Doubt("coordinates", "latitude", found, (
        Answer("swapped", "true", _("Latitude and longitude are exchanged.")),
        Answer("swapped", "false", _("They are right as they stand.")),
        Answer("crs", "degrees", _("They are degrees, right as they stand.")),
    )))  # fmt: skip


def _say_centre(register: Register) -> None:
    rows = _pair(register, "latitude", "longitude")
    if rows.size:
        middle = (float(np.median(register.values[name][rows])) for name in ("latitude", "longitude"))
        register.decisions["centre"] = ", ".join(f"{value:.4f}" for value in middle)
