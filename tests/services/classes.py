"""A class for tests: Rizal takes the course, Teresa teaches it, and people are let in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.services import classrooms, sign_ins

if TYPE_CHECKING:
    from aralify_kernel.services.local_session import LocalSession
    from tests.services.conftest import World

EASY = LessonRef("demo", "one", "easy")
TERESA = sign_ins.acting_as("teresa")


@dataclass
class School:
    """One class in a world, with the sessions of its learners by name."""

    world: World
    people: dict[str, LocalSession] = field(default_factory=dict)

    def learn(self, *names: str) -> None:
        for name in names:
            self.people[name] = self.world.learner(name)
        self.let_in(*names)

    def let_in(self, *names: str, slug: str = "rizal", role: ClassRole = ClassRole.LEARNER) -> None:
        classrooms.add(self.world.database, None, slug, names, role, now=self.world.clock())

    def fail(self, name: str, *answers: str, lesson: str = "demo/one/easy") -> None:
        for answer in answers:
            self.world.submit(self.people[name], lesson, content=answer)


def school(world: World) -> School:
    made = School(world)
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())
    world.learner("teresa")
    made.let_in("teresa", role=ClassRole.TEACHER)
    return made
