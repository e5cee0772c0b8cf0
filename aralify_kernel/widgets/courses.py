"""The course navigator: courses, the topics of one course on their thread, the tiers of one topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from aralify_kernel.domain.permissions import Permission, may
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.components import (
    NOTHING,
    button,
    difficulty_name,
    game,
    icon,
    joined,
    meter,
    notice,
    percent,
    state,
    tier_mark,
)
from aralify_kernel.widgets.difficulties import minutes, picker, status_words
from aralify_kernel.widgets.markdown import inline
from aralify_kernel.widgets.screen import RUN_AGAIN, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.session import CourseCard, LearnerSession, LessonCard, LevelCard


class Courses(Screen):
    """Where somebody is (`course`, `level`: slugs or None) and the cards they see."""

    actions: ClassVar = frozenset(
        {"show_courses", "show_course", "show_level", "explain_lock", "open", "publish", "unpublish"}
    )

    def __init__(self, session: LearnerSession, *, language: str, open_notebook: Callable[[LessonRef], str]) -> None:
        super().__init__(language)
        self.course: str | None = None
        self.level: str | None = None
        self.chosen = ""
        self.explained: str | None = None
        self.opened: LessonCard | None = None
        self.cards: tuple[CourseCard, ...] = ()
        self.may_publish = False
        self._session = session
        self._open_notebook = open_notebook

    # ---- what can be done

    def refresh(self) -> None:
        """Read the courses again."""
        self.cards = self._session.courses()
        self.may_publish = may(self._session.profile().role, Permission.PUBLISH)

    def show_courses(self) -> None:
        """Go to the list of courses."""
        self._go(course=None, level=None)

    def show_course(self, value: str) -> None:
        """Go to the course `value`, starting it if that has not been done."""
        if not next(card for card in self.cards if card.slug == value).is_started:
            self._session.start_course(value)
        self._go(course=value, level=None)

    def show_level(self, value: str) -> None:
        """Go to the picker of the topic that the lesson `value` belongs to."""
        ref = LessonRef.parse(value)
        self._go(course=ref.course, level=ref.level)
        self.chosen = value

    def explain_lock(self, value: str) -> None:
        """Say what opens the locked topic `value`."""
        self.explained = value
        self.said = self._lock_reason(next(level for level in self._course().levels if level.slug == value))

    def open(self, value: str) -> None:
        """Write the working copy of the lesson `value` and open it."""
        ref = LessonRef.parse(value)
        self.opening = self._open_notebook(ref)
        self.refresh()
        self.opened = next(lesson for lesson in self._lessons() if lesson.ref == ref)
        self.said = self._opened_words()

    def publish(self, value: str) -> None:
        """Let learners see the course `value`."""
        title = self._said(self._session.publish_course(value).title)
        self.refresh()
        self.said = self._("“{title}” is published: learners see it.", title=title)

    def unpublish(self, value: str) -> None:
        """Hide the course `value` from learners."""
        title = self._said(self._session.unpublish_course(value).title)
        self.refresh()
        self.said = self._("“{title}” is hidden from learners now.", title=title)

    def _go(self, *, course: str | None, level: str | None) -> None:
        self.course, self.level, self.explained, self.opened, self.chosen = course, level, None, None, ""
        self.moved = True
        self.refresh()

    # ---- what is known

    def _course(self) -> CourseCard:
        return next(card for card in self.cards if card.slug == self.course)

    def _lessons(self) -> list[LessonCard]:
        return [lesson for card in self.cards for level in card.levels for lesson in level.lessons]

    def _said(self, text: Text) -> str:
        return in_language(text, self.language)

    def _lock_reason(self, level: LevelCard) -> str:
        if level.opens_after is None:
            return self._("This topic is not open yet.")
        return self._("Opens when you pass any lesson of “{title}”.", title=self._said(level.opens_after))

    def _opened_words(self) -> str:
        if self.opened is None:
            return ""
        return self._("“{title}” is ready in your notebooks.", title=self._said(self.opened.title))

    # ---- how it looks

    def render(self) -> Markup:
        """Return the list, the course or the picker."""
        if not self.cards:
            body = self._render_nothing()
        elif self.course is None:
            body = self._render_courses()
        elif self.level is None:
            body = self._render_course(self._course())
        else:
            body = self._render_level(self._course())
        return Markup('<div class="ar-card ar-stack ar-stack--l">{}{}{}</div>').format(
            self.general_error(), self._render_opened(), body
        )

    def at_rest(self) -> Markup:
        """Return the topics with how to come back to them."""
        return Markup('<div class="ar-card ar-stack"><h2>{}</h2><ul>{}</ul><p>{}</p></div>').format(
            self._("Courses"),
            joined(Markup("<li>{}</li>").format(self._said(card.title)) for card in self.cards),
            self._(RUN_AGAIN),
        )

    def as_text(self) -> str:
        """Return the courses with how far somebody is in each."""
        lines = [f"{self._said(card.title)}: {percent(card.completion_pct)}" for card in self.cards]
        return "\n".join([self._("Courses"), *lines, self._(RUN_AGAIN)])

    def _render_opened(self) -> Markup:
        if self.opened is None:
            return NOTHING
        return notice(
            "passed",
            Markup("<strong>{}</strong> {}").format(
                self._opened_words(), self._("If it did not open by itself, use the link below this panel.")
            ),
            color="pass",
        )

    def _render_nothing(self) -> Markup:
        return Markup('<div class="ar-blank"><h2{}>{}</h2><p class="ar-muted">{}</p></div>').format(
            self.focus,
            self._("Nothing here yet"),
            self._("No course is published on this computer. “aralify course publish” brings one in."),
        )

    def _render_courses(self) -> Markup:
        return Markup('<h2{}>{}</h2><ul class="ar-grid ar-grid--courses">{}</ul>').format(
            self.focus, self._("Courses"), joined(self._render_card(card) for card in self.cards)
        )

    def _render_card(self, card: CourseCard) -> Markup:
        title = self._said(card.title)
        words = self._("Continue “{title}”", title=title) if card.is_started else self._("Start “{title}”", title=title)
        return Markup(
            '<li class="ar-card ar-stack"><div><h3>{}</h3>{}</div><p class="ar-muted">{}</p>{}<div class="ar-row">{}{}</div></li>'
        ).format(
            title,
            NOTHING if card.is_published else state("locked", self._("Not published"), chip=True),
            inline(self._said(card.description)),
            self._completion(card) if card.is_started else self._hours(card),
            button(words, "show_course", value=card.slug, kind="primary"),
            self._publishing(card, title) if self.may_publish else NOTHING,
        )

    def _publishing(self, card: CourseCard, title: str) -> Markup:
        if card.is_published:
            return button(self._("Unpublish “{title}”", title=title), "unpublish", value=card.slug)
        return button(self._("Publish “{title}”", title=title), "publish", value=card.slug)

    def _hours(self, card: CourseCard) -> Markup:
        words = self._("About {n} hours, at your pace.", n=f"{card.estimated_hours:g}")
        return Markup('<p class="ar-help">{}</p>').format(words)

    def _completion(self, card: CourseCard) -> Markup:
        done = sum(level.is_complete for level in card.levels)
        words = self._("{done} of {all} topics", done=done, all=len(card.levels))
        return self._share(self._("Completion"), card.completion_pct, words)

    def _mastery(self, card: CourseCard) -> Markup:
        lessons = [lesson for level in card.levels for lesson in level.lessons]
        done = sum(lesson.status is LessonStatus.COMPLETED for lesson in lessons)
        words = self._("{done} of {all} lessons", done=done, all=len(lessons))
        return self._share(self._("Mastery"), card.mastery_pct, words)

    def _share(self, name: str, value: float, words: str) -> Markup:
        words = f"{words} · {percent(value)}"
        return Markup(
            '<div class="ar-stack ar-stack--s"><div class="ar-row ar-row--apart ar-small"><strong>{}</strong>'
            '<span class="ar-num">{}</span></div>{}</div>'
        ).format(name, words, meter(name, value, 0, 100, words))

    def _render_course(self, card: CourseCard) -> Markup:
        following = card.next_lesson
        return Markup(
            '<div class="ar-stack ar-stack--s"><p>{}</p><div class="ar-row ar-row--apart"><h2{}>{}</h2>{}</div>'
            '<p class="ar-muted">{}</p></div><div class="ar-grid">{}{}</div><ol class="ar-thread">{}</ol>'
        ).format(
            button(self._("All courses"), "show_courses", kind="quiet s back"),
            self.focus,
            self._said(card.title),
            self._continue(card, following) if following else NOTHING,
            inline(self._said(card.description)),
            self._completion(card),
            self._mastery(card),
            joined(self._render_topic(number, level, following) for number, level in enumerate(card.levels, 1)),
        )

    def _continue(self, card: CourseCard, lesson: LessonCard) -> Markup:
        level = next(level for level in card.levels if lesson in level.lessons)
        values = {"topic": self._said(level.title), "tier": difficulty_name(lesson.difficulty, self._)}
        begun = any(one.status is not LessonStatus.NOT_STARTED for topic in card.levels for one in topic.lessons)
        words = self._("Continue: {topic}, {tier}", **values) if begun else self._("Start: {topic}, {tier}", **values)
        return button(Markup("{} {}").format(words, icon("next")), "open", value=str(lesson.ref), kind="primary")

    def _render_topic(self, number: int, level: LevelCard, following: LessonCard | None) -> Markup:
        is_here = following in level.lessons
        kind, words = self._topic_state(level, is_here=is_here)
        modifier = "now" if is_here else kind
        mark = icon(kind) if modifier in {"passed", "locked"} else str(number)
        reason = f"{self.uid}-{level.slug}-state"
        return Markup(
            '<li class="ar-topic ar-topic--{}"><span class="ar-node" aria-hidden="true">{}</span>'
            '<div class="ar-topic__body"><div class="ar-row ar-row--apart"><h3>{} · {}</h3><span id="{}">{}</span></div>'
            '<div class="ar-tiers">{}</div>{}</div></li>'
        ).format(
            modifier,
            mark,
            number,
            self._said(level.title),
            reason,
            state(kind, words),
            joined(self._render_tier(level, lesson, reason, is_next=lesson is following) for lesson in level.lessons),
            self._render_lock(level),
        )

    def _topic_state(self, level: LevelCard, *, is_here: bool) -> tuple[str, str]:
        if level.is_complete:
            return "passed", self._("Complete")
        if not level.is_open:
            return "locked", self._lock_reason(level)
        return ("progress", self._("You are here")) if is_here else ("open", self._("Open"))

    def _render_tier(self, level: LevelCard, lesson: LessonCard, reason: str, *, is_next: bool) -> Markup:
        name = difficulty_name(lesson.difficulty, self._)
        current = Markup(' aria-current="true"') if is_next else NOTHING
        locked = Markup(' aria-disabled="true" aria-describedby="{}"').format(reason)
        return Markup(
            '<button type="button" class="ar-tierbtn" id="{}-{}-{}" data-action="{}" data-value="{}"{}>'
            '<span class="ar-tier ar-tier--{}">{}</span><strong><span class="ar-sr">{}, </span>{}</strong>'
            "<small>{}</small></button>"
        ).format(
            self.uid,
            level.slug,
            lesson.ref.tier,
            "show_level" if level.is_open else "explain_lock",
            str(lesson.ref) if level.is_open else level.slug,
            current if level.is_open else locked,
            lesson.difficulty.slug[0],
            tier_mark(lesson.difficulty),
            self._said(level.title),
            name,
            self._tier_facts(level, lesson),
        )

    def _tier_facts(self, level: LevelCard, lesson: LessonCard) -> str | Markup:
        earns = game(self._("{xp} XP", xp=lesson.xp))
        if not level.is_open:
            return Markup('<span class="ar-sr">{}</span> {}').format(self._("Locked"), earns)
        kind, words = status_words(lesson, self._)
        if lesson.status is LessonStatus.COMPLETED:
            return state(kind, f"{words} · {lesson.score}")
        if lesson.status is LessonStatus.IN_PROGRESS:
            return state(kind, self._("Score {score}", score=lesson.score)) + earns
        time = (
            self._("{n} min limit", n=minutes(lesson.time_limit_sec))
            if lesson.time_limit_sec
            else self._("about {n} min", n=lesson.est_time_mins)
        )
        return Markup("{} · {} · {}").format(words, earns, time)

    def _render_lock(self, level: LevelCard) -> Markup:
        if self.explained != level.slug:
            return NOTHING
        opener = next((one for one in self._course().levels if one.title == level.opens_after), None)
        link = (
            button(
                self._("Go to “{title}”", title=self._said(opener.title)),
                "show_level",
                value=str(opener.lessons[0].ref),
                kind="s",
            )
            if opener and opener.is_open and opener.lessons
            else NOTHING
        )
        words = self._("“{title}” is still locked.", title=self._said(level.title))
        return notice(
            "locked", Markup("<strong>{}</strong> {} {}").format(words, self._lock_reason(level), link), color="locked"
        )

    def _render_level(self, card: CourseCard) -> Markup:
        level = next(level for level in card.levels if level.slug == self.level)
        back = button(self._("All topics"), "show_course", value=card.slug, kind="quiet s back")
        return Markup("<p>{}</p>{}").format(back, picker(card, level, self._, focus=self.focus, chosen=self.chosen))
