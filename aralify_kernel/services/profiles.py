"""What a person sees of themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from aralify_kernel.domain.accounts import GUEST_PREFIX
from aralify_kernel.domain.session import Profile
from aralify_kernel.domain.streaks import StreakState, local_day, shown
from aralify_kernel.domain.user_levels import level_progress
from aralify_kernel.store import activity_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User


def of_users(db: Database, people: Iterable[User], *, now: datetime) -> tuple[Profile, ...]:
    """Return the profiles of `people`, in their order."""
    with db.read() as tx:
        return tuple(profile(tx, user, now=now) for user in people)


def profile(tx: Transaction, user: User, *, now: datetime) -> Profile:
    """Return a person's profile as of `now`, the streak as it is shown today."""
    today = local_day(now, user.timezone)
    last = activity_days.last(tx, user.id)
    days = {day.date for day in activity_days.of_user(tx, user.id)}
    monday = today.date - timedelta(days=today.date.weekday())
    at = level_progress(user.xp_total)
    return Profile(
        username=user.username,
        display_name=user.display_name,
        email=user.email,
        bio=user.bio,
        avatar_url=user.avatar_url,
        language=user.locale,
        timezone=user.timezone,
        role=user.role,
        is_guest=user.username.startswith(GUEST_PREFIX),
        is_verified=user.is_verified,
        has_password=user.password_hash is not None,
        time_factor=user.time_factor,
        xp_total=user.xp_total,
        level=user.level,
        level_xp=at.starts_at,
        next_level_xp=at.next_at,
        streak_current=shown(StreakState(user.streak_current, user.streak_longest, last), today),
        streak_longest=user.streak_longest,
        today_counts=today.date in days,
        week=tuple(monday + timedelta(days=place) in days for place in range(7)),
        weekday=today.date.weekday(),
    )
