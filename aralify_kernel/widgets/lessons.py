"""The header of a lesson: where it is, what is at stake, what is done, and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.errors import NotSignedIn
from aralify_kernel.i18n import in_language, sentence
from aralify_kernel.widgets.class_talk import exchanges
from aralify_kernel.widgets.class_talk import facts as talk_facts
from aralify_kernel.widgets.components import (
    NOTHING,
    button,
    difficulty_name,
    game,
    icon,
    joined,
    language_switch,
    notice,
    state,
    tier,
)
from aralify_kernel.widgets.difficulties import minutes
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.results import hint_box
from aralify_kernel.widgets.screen import RUN_AGAIN, Screen
from aralify_kernel.widgets.standings import standing_in, title_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.hints import Hint
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import ActivityCard, LearnerSession, OpenLesson, Profile, Run


def lesson_header(
    session: LearnerSession,
    ref: LessonRef,
    *,
    language: str,
    choose_language: Callable[[str], None],
    now: Callable[[], datetime],
) -> LessonHeader:
    """Return the header of a lesson.

    Args:
        session: Whose lesson it is.
        ref: The lesson.
        language: What to begin with.
        choose_language: Called when the learner switches; the header has switched itself already.
        now: The clock (aware UTC).

    Raises:
        AralifyError: Somebody is signed in, and the lesson cannot be read.
    """
    screen = LessonScreen(session, ref, language=language, choose_language=choose_language, now=now)
    return LessonHeader(screen)


class LessonHeader(Panel):
    """The header of one lesson; `refresh(say=…)` after each submit."""

    sections = ("state", "tier", "buttons", "language", "lesson", "result")


class LessonScreen(Screen):
    """Where the learner stands in one lesson; `lesson` is None while nobody is signed in."""

    actions: ClassVar = frozenset(
        {"choose_language", "start_run", "time_is_over", "take_hint", "ask_who", "keep_who", "sign_out"}
    )

    def __init__(
        self,
        session: LearnerSession,
        ref: LessonRef,
        *,
        language: str,
        choose_language: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(language)
        self.lesson: OpenLesson | None = None
        self.profile: Profile | None = None
        self.is_asking_who = False
        self.hint: Hint | None = None
        self._hint_for = ""
        self._session = session
        self._ref = ref
        self._choose_language = choose_language
        self._now = now
        self.refresh()

    # ---- what can be done

    def refresh(self) -> None:
        """Read the lesson again."""
        try:
            self.profile = self._session.profile()
            self.lesson = self._session.lesson(self._ref)
        except NotSignedIn:
            self.profile = self.lesson = None
        if self._hint_for != self._exercise_in_work_id():
            self.hint = None

    def choose_language(self, value: str) -> None:
        """Show everything in the language `value` from now on, and remember it."""
        self.set_language(value)
        self._choose_language(value)

    def start_run(self) -> None:
        """Start the clock anew."""
        run = self._session.start_run(self._ref)
        self.refresh()
        self.said = self._("The clock runs.") if run.ends_at else self._("You have no time limit.")

    def time_is_over(self) -> None:
        """Show that the run has ended."""
        self.refresh()
        self.said = self._late_words()

    def take_hint(self) -> None:
        """Show the next rung for the exercise in work."""
        exercise = self._exercise_in_work()
        if exercise is None:
            return
        hint = self._session.next_hint(self._ref, exercise.id)
        self.hint, self._hint_for = hint, exercise.id
        self.refresh()
        self.said = self._said(hint.text)

    def ask_who(self) -> None:
        """Show whose lesson this is and how to change that."""
        self.is_asking_who = True

    def keep_who(self) -> None:
        """Go on as who is signed in."""
        self.is_asking_who = False

    def sign_out(self) -> None:
        """End this sign-in."""
        self._session.sign_out()
        self.is_asking_who = False
        self.refresh()

    # ---- what is known

    def _said(self, text: Text) -> str:
        return in_language(text, self.language)

    def _exercise_in_work(self) -> ActivityCard | None:
        """Return the exercise tried and not yet passed, else the first not passed."""
        exercises = [one for one in self.lesson.activities if one.kind == "exercise"] if self.lesson else []
        left = [one for one in exercises if one.best_points < one.points]
        return next((one for one in left if one.is_tried), left[0] if left else None)

    def _exercise_in_work_id(self) -> str:
        exercise = self._exercise_in_work()
        return exercise.id if exercise else ""

    def _late_words(self) -> str:
        return self._("Time is over · what you do now is kept, marked late, and earns no points")

    # ---- how it looks

    def render(self) -> Markup:
        """Return the header, or who has to sign in first."""
        if self.lesson is None or self.profile is None:
            return self._render_nobody()
        return Markup('<div class="ar-lesson" role="region" aria-label="{}">{}{}{}{}{}{}{}{}</div>').format(
            self._("About this lesson"),
            self._render_top(self.lesson, self.profile),
            self._render_title(self.lesson),
            self._render_facts(self.lesson),
            self._render_steps(self.lesson),
            exchanges(self.lesson.talk, self._),
            self.general_error(),
            self._render_who(self.profile),
            self._render_hint(),
        )

    def at_rest(self) -> Markup:
        """Return title and tier, without a standing that would be out of date."""
        if self.lesson is None:
            return Markup('<div class="ar-lesson"><p>{}</p></div>').format(self._(RUN_AGAIN))
        return Markup(
            '<div class="ar-lesson"><p class="ar-crumb">{}</p>{}<p class="ar-rest"><strong>{}</strong></p></div>'
        ).format(
            self._crumb(self.lesson),
            self._render_title(self.lesson),
            self._("Run this cell (Shift+Enter) to start."),
        )

    def as_text(self) -> str:
        """Return title, tier and standing in words."""
        if self.lesson is None:
            return sentence(NotSignedIn(), self.language)
        card = self.lesson.card
        title = f"{self._said(card.title)} · {difficulty_name(card.difficulty, self._)}"
        score = self._("Score {score} · {goal} to pass", score=card.score, goal=card.pass_score)
        return "\n".join([self._crumb(self.lesson), title, score])

    def _render_nobody(self) -> Markup:
        words = Markup("{} {}").format(
            sentence(NotSignedIn(), self.language), self._("The welcome notebook is the place for it.")
        )
        return Markup('<div class="ar-lesson">{}<div class="ar-row">{}</div></div>').format(
            notice("user", words), language_switch(self.language)
        )

    def _crumb(self, lesson: OpenLesson) -> str:
        topic = self._("Topic {number}", number=lesson.level_index + 1)
        return f"{self._said(lesson.course_title)} › {topic}: {self._said(lesson.level_title)}"

    def _render_top(self, lesson: OpenLesson, profile: Profile) -> Markup:
        name = self._("Guest") if profile.is_guest else profile.display_name
        level = self._("Level {level}", level=profile.level)
        words = self._("keep my XP") if profile.is_guest else self._("not you?")
        return Markup(
            '<div class="ar-row ar-row--apart"><span class="ar-crumb">{}</span><div class="ar-row">'
            '<span class="ar-small">{} · {} · {}</span>{}</div></div>'
        ).format(
            self._crumb(lesson),
            name,
            level,
            button(words, "ask_who", kind="quiet s inline"),
            language_switch(self.language),
        )

    def _render_title(self, lesson: OpenLesson) -> Markup:
        return Markup('<div class="ar-row"><h2>{}</h2>{}</div>').format(
            self._said(lesson.card.title), tier(lesson.card.difficulty, self._)
        )

    def _render_facts(self, lesson: OpenLesson) -> Markup:
        time = self._time(lesson)
        facts = [self._fact(part) for part in time[:1]]
        card = lesson.card
        if card.status is LessonStatus.COMPLETED:
            passed = self._("Passed · score {score}", score=card.score)
            facts.append(self._fact(state("passed", passed, chip=True)))
            facts.append(game(state("practice", self._("Practice: no more XP to earn here"), chip=True)))
        else:
            at_stake = Markup("{} <strong>{}</strong> {}").format(
                icon("xp"), self._("{xp} XP", xp=card.xp), self._("at stake")
            )
            score = Markup("{} {}").format(
                icon("passed"), self._("Score {score} · {goal} to pass", score=card.score, goal=card.pass_score)
            )
            facts += [game(at_stake), self._fact(score)]
        if not card.time_limit_sec:
            facts.append(self._fact(self._("about {n} min", n=card.est_time_mins)))
        facts += [self._fact(part) for part in time[1:]]
        if self.profile:
            facts += [self._fact(part) for part in talk_facts(lesson.talk, self.profile.timezone, self._now(), self._)]
        return Markup('<div class="ar-lesson__facts">{}</div>').format(joined(facts))

    def _fact(self, content: str | Markup) -> Markup:
        return Markup("<span>{}</span>").format(content)

    def _time(self, lesson: OpenLesson) -> list[Markup]:
        """Return how the clock stands, then what can be done about it."""
        limit = lesson.card.time_limit_sec
        if not limit:
            return []
        run = lesson.run
        if run is None:
            words = self._("{n} min limit", n=minutes(limit))
            start = button(self._("Start the clock"), "start_run", kind="s")
            told = self._("It starts with your first answer, or when you say so.")
            return [Markup("{} <strong>{}</strong>").format(icon("clock"), words), start, Markup("{}").format(told)]
        anew = button(self._("Start a new run"), "start_run", kind="s")
        if run.ends_at is None:
            return [Markup("{} {}").format(icon("clock"), self._("You have no time limit.")), anew]
        return [self._clock(run, run.ends_at), anew]

    def _clock(self, run: Run, ends_at: datetime) -> Markup:
        left = (ends_at - self._now()).total_seconds()
        if left <= 0:
            return state("late", self._late_words(), chip=True)
        whole = round((ends_at - run.started_at).total_seconds())
        timer = Markup(
            '<strong class="ar-timer" role="timer" aria-live="off" data-ar-seconds-left="{:.0f}" data-ar-say300="{}"'
            ' data-ar-say60="{}">{}</strong>'
        ).format(left, self._("5 minutes left"), self._("1 minute left"), _minutes_and_seconds(round(left)))
        return Markup("{} {} {}").format(
            icon("clock"), timer, self._("left of {whole}", whole=_minutes_and_seconds(whole))
        )

    def _render_steps(self, lesson: OpenLesson) -> Markup:
        steps = joined(self._step(number, activity) for number, activity in enumerate(lesson.activities, 1))
        return Markup('<ol class="ar-steps" aria-label="{}">{}</ol>').format(self._("Exercises"), steps)

    def _step(self, number: int, activity: ActivityCard) -> Markup:
        kind, words = standing_in(activity, self._)
        title = title_of(activity, self._)
        said = Markup('{} {} <span class="ar-sr">, {}</span>').format(number, title, words)
        return Markup("<li>{}</li>").format(state(kind, said))

    def _render_who(self, profile: Profile) -> Markup:
        if not self.is_asking_who:
            return NOTHING
        if profile.is_guest:
            words = self._(
                "You are here as a guest. What you earn stays with this visit only. To keep it, open the welcome"
                " notebook and choose “Sign up and keep my XP”."
            )
            controls = button(self._("Close"), "keep_who", kind="s")
        else:
            words = self._(
                "This lesson belongs to {name}. If you are somebody else, sign out, then sign in and open your own copy"
                " from the welcome notebook.",
                name=profile.display_name,
            )
            controls = button(self._("Sign out"), "sign_out", kind="s") + button(
                self._("I am {name}", name=profile.display_name), "keep_who", kind="s"
            )
        return notice(
            "user", Markup('{}<div class="ar-row ar-row--below">{}</div>').format(words, controls), role="status"
        )

    def _render_hint(self) -> Markup:
        exercise = self._exercise_in_work()
        shown = hint_box(self.hint, self._) if self.hint else NOTHING
        if exercise is None or not exercise.hints_total or (self.hint and self.hint.is_last):
            return shown
        words = (
            self._("Next hint") if self.hint else self._("Get a hint for “{title}”", title=self._said(exercise.title))
        )
        more = button(Markup("{} {}").format(icon("hint"), words), "take_hint", kind="s")
        return Markup('{}<div class="ar-row">{}</div>').format(shown, more)


def _minutes_and_seconds(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
