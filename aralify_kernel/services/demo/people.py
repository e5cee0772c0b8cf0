"""Made-up people: how they are called, where they live, and how they learn."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.accounts import suggest_username

if TYPE_CHECKING:
    from random import Random

_FIRST: Final = [
    "Alon",
    "Amihan",
    "Andoy",
    "Angelica",
    "Bayani",
    "Bituin",
    "Carlo",
    "Caridad",
    "Corazon",
    "Dalisay",
    "Danilo",
    "Diwata",
    "Dolores",
    "Efren",
    "Esperanza",
    "Felicidad",
    "Gabriel",
    "Hiyas",
    "Imelda",
    "Isagani",
    "Jasmin",
    "Joaquin",
    "Josefa",
    "Jun",
    "Kalayaan",
    "Katrina",
    "Kidlat",
    "Lakan",
    "Leonora",
    "Ligaya",
    "Liwayway",
    "Luningning",
    "Luz",
    "Maria",
    "Marikit",
    "Mayumi",
    "Miguel",
    "Nena",
    "Niño",
    "Paolo",
    "Perla",
    "Ramil",
    "Remedios",
    "Rizalina",
    "Rosario",
    "Rowena",
    "Sampaguita",
    "Tala",
    "Teresita",
    "Tomas",
    "Urduja",
    "Virgilio",
    "Yolanda",
    "Zenaida",
    "Aiko",
    "Fatima",
    "Grace",
    "Hiroshi",
    "Ines",
    "Lucia",
    "Minh",
    "Noor",
    "Wei",
]
_LAST: Final = [
    "Abad",
    "Aguinaldo",
    "Alcantara",
    "Bautista",
    "Bonifacio",
    "Cabrera",
    "Castillo",
    "Cruz",
    "Dantes",
    "Dimaculangan",
    "Dizon",
    "Domingo",
    "Enriquez",
    "Evangelista",
    "Fajardo",
    "Galang",
    "Garcia",
    "Gatdula",
    "Guevarra",
    "Ibañez",
    "Lacson",
    "Laurel",
    "Lim",
    "Lopez",
    "Macaraeg",
    "Magsaysay",
    "Manalo",
    "Mendoza",
    "Mercado",
    "Navarro",
    "Ocampo",
    "Ong",
    "Padilla",
    "Pangilinan",
    "Peña",
    "Quiambao",
    "Ramos",
    "Reyes",
    "Rivera",
    "Salazar",
    "Salonga",
    "Santos",
    "Sison",
    "Soriano",
    "Tañada",
    "Tolentino",
    "Tumaneng",
    "Valdez",
    "Villanueva",
    "Yap",
    "Zamora",
    "Haddad",
    "Nguyen",
    "Okafor",
    "Sato",
    "Zhang",
]
_ZONES: Final = {
    "Asia/Manila": 86,
    "Asia/Dubai": 4,
    "Asia/Tokyo": 3,
    "Europe/Rome": 2,
    "America/Los_Angeles": 4,
    "Pacific/Auckland": 1,
}


@dataclass(frozen=True, slots=True)
class Habit:
    """A way of learning: what share of a class has it, how often they come, how long they stay, what they get right."""

    share: int
    days: float
    """The chance of coming on a day."""
    tries: tuple[int, int]
    """How many answers they give in one sitting."""
    skill: tuple[float, float]
    """The chance of a right answer: mean and spread."""
    from_part: float = 0.0
    """The part of the time that passes before they really begin."""
    to_part: float = 1.0
    """The part after which they come no more."""
    pace_secs: tuple[int, int] = (25, 240)


STEADY: Final = Habit(share=38, days=0.55, tries=(3, 9), skill=(0.62, 0.12))
STREAK: Final = Habit(share=17, days=0.97, tries=(2, 5), skill=(0.70, 0.10))
CRAMMER: Final = Habit(share=15, days=0.9, tries=(10, 26), skill=(0.55, 0.12), from_part=0.8, pace_secs=(12, 90))
DROP_OUT: Final = Habit(share=15, days=0.5, tries=(3, 8), skill=(0.42, 0.12), to_part=0.4)
STRUGGLER: Final = Habit(share=15, days=0.6, tries=(5, 12), skill=(0.22, 0.07), pace_secs=(40, 290))
LOST: Final = Habit(share=0, days=0.9, tries=(8, 14), skill=(0.0, 0.0), pace_secs=(40, 290))
"""Somebody in every class gets nowhere at all, however often they come."""

HABITS: Final = (STEADY, STREAK, CRAMMER, DROP_OUT, STRUGGLER)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is not real."""

    username: str
    display_name: str
    language: str
    timezone: str
    habit: Habit
    skill: float
    hour: int
    """The hour of their day at which they like to sit down."""
    tier: str
    """The difficulty they choose first."""
    asks: float
    """The chance of taking a hint after a wrong answer."""


class People:
    """A stream of made-up people, each with a user name nobody has."""

    def __init__(self, random: Random, taken: set[str]) -> None:
        self._random = random
        self._taken = taken

    def next(self, habit: Habit | None = None) -> Person:
        """Return somebody new, of a certain habit or of any, as common as it is."""
        random = self._random
        first, last = random.choice(_FIRST), random.choice(_LAST)
        habit = habit or random.choices(HABITS, [one.share for one in HABITS])[0]
        return Person(
            username=self._username(f"{first}.{last}"),
            display_name=f"{first} {last}",
            language=random.choices(("fil", "en"), (60, 40))[0],
            timezone=random.choices(list(_ZONES), list(_ZONES.values()))[0],
            habit=habit,
            skill=min(0.95, max(0.08, random.gauss(*habit.skill))),
            hour=random.choices((8, 10, 13, 16, 19, 21, 23), (2, 2, 3, 4, 6, 5, 2))[0],
            tier=random.choices(("easy", "medium", "hard"), (60, 30, 10))[0],
            asks=random.uniform(0.02, 0.5),
        )

    def _username(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        username = plain if plain not in self._taken else suggest_username(plain, self._taken)
        self._taken.add(username)
        return username
