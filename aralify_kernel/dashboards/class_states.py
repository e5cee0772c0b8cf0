"""What stands on the page of a class when there is no class to show, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.errors import AralifyError, NotSignedIn
from aralify_kernel.i18n import sentence
from aralify_kernel.widgets.components import button, notice, state

if TYPE_CHECKING:
    from aralify_kernel.dashboards.places import Place
    from aralify_kernel.i18n import Translator


def no_class(_: Translator) -> Markup:
    """Return how somebody who teaches no class comes to have one."""
    told = _("Whoever looks after Aralify here makes one with “aralify class new”, and lets you in as its teacher.")
    return markup.blank(_("You teach no class yet"), told, button(_("Look again"), "refresh"))


def left(_: Translator) -> Markup:
    """Return that somebody does not teach the class any more that they look at."""
    told = _("Somebody took you out of it, or it is gone. What you wrote to its learners stays with them.")
    back = button(_("My classes"), "choose_class", value="", kind="primary")
    return markup.blank(_("You do not teach this class any more"), told, back)


def unpublished(_: Translator) -> Markup:
    """Return that learners do not see the course just now."""
    return notice("locked", _("The course is not published just now. What was done in it stays here."))


def archived(_: Translator) -> Markup:
    """Return that nothing in the class can be changed."""
    told = _("Everything in it can still be read, and marks taken. Nobody comes in, and nothing changes.")
    return notice("locked", Markup("<strong>{}</strong> {}").format(_("This class is archived"), told))


def failed(error: AralifyError, place: Place, _: Translator) -> Markup:
    """Return what prevents the page, and what to do about it."""
    if isinstance(error, NotSignedIn):
        return markup.blank(_("Nobody is signed in here yet"), sentence(error, _.language), place.sign_in(_))
    return Markup('<section class="ar-card ar-stack" role="alert"><h2>{}</h2><p>{}</p><div>{}</div></section>').format(
        state("failed", _("This page could not be made")),
        sentence(error, _.language),
        button(_("Try again"), "choose_class", value="", kind="primary"),
    )
