"""The goods of the shop."""

from __future__ import annotations

from typing import NamedTuple


class Good(NamedTuple):
    id: str
    name: str
    note: str
    cents: int


GOODS = {
    good.id: good
    for good in (
        Good("jar", "Cookie jar", "stoneware, tight lid", 2400),
        Good("shortbread", "Shortbread", "a dozen, with sea salt", 690),
        Good("ginger", "Ginger snaps", "a dozen, very crisp", 580),
        Good("tea", "Earl Grey", "100 g, loose leaves", 850),
    )
}


def price(cents: int) -> str:
    """An amount as people read it."""
    return f"{cents // 100}.{cents % 100:02}"
