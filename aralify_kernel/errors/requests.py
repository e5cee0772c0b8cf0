"""Requests to a class server that it does not take as they are, or that do not reach it."""

from __future__ import annotations

from aralify_kernel.errors.base import N_, AralifyError


class ServerUnreachable(AralifyError):
    """The class server is away, or something else answers in its place."""

    code = "server_unreachable"
    message = N_("The class server at {server} cannot be reached just now. Check the network, then try again.")


class RequestError(AralifyError):
    """About a request to a class server."""

    code = "request"


class ClientOutdated(RequestError):
    """The other side speaks a revision of the interface that this server does not; `client` is what it said."""

    code = "client_outdated"
    message = N_(
        "This Aralify does not fit the class server (interface {client}; the server has {oldest} to {newest}). Update with "
        "“pip install --upgrade aralify”. Answers kept on this computer stay and are sent after that."
    )


class InvalidRequest(RequestError):
    """What was sent is no JSON, or not that of the document; `problem` says where, in English, for developers."""

    code = "invalid_request"
    message = N_("The server does not understand this request: {problem}.")


class RequestTooLarge(RequestError):
    """The body is larger than the server takes."""

    code = "request_too_large"
    message = N_("This is too large to send: the server takes {limit} bytes at most.")


class WrongContentType(RequestError):
    """The body is not JSON, or not said to be."""

    code = "wrong_content_type"
    message = N_("The server takes JSON here. Send it with “Content-Type: application/json”.")


class WrongMethod(RequestError):
    """The address exists, but not for this method; `allowed` has those that it exists for."""

    code = "wrong_method"
    message = N_("This address cannot be used with {method}, only with {allowed}.")


class CrossSiteRequest(RequestError):
    """A browser's request to change something came without the token that only our own pages know."""

    code = "cross_site_request"
    message = N_("This did not come from a page of the class server, so nothing was changed. Load the page again.")


class ScopeMissing(RequestError):
    """The sign-in of this request is good for less than that."""

    code = "scope_missing"
    message = N_("This sign-in does not reach that far: it would need “{scope}”. Sign in again for it.")


class TooManyRequests(RequestError):
    """More came from one person or one place than the server lets through."""

    code = "too_many_requests"
    message = N_("That was too much at once. Wait {seconds} seconds, then try again.")


class ServerBusy(RequestError):
    """As many requests wait already as the server lets wait; nothing was done."""

    code = "server_busy"
    message = N_("The class server is busy. Nothing was lost; try again in a moment.")


class HubUnreachable(RequestError):
    """The JupyterHub whose service the server is does not answer, or not as a Hub does."""

    code = "hub_unreachable"
    message = N_("The JupyterHub cannot be asked who you are just now. Nothing was lost; try again in a moment.")


class HubSignsIn(RequestError):
    """A server whose people come from a JupyterHub: it makes no accounts, and knows no passwords."""

    code = "hub_signs_in"
    message = N_("People sign in here through the JupyterHub only, and have no password of Aralify's own.")


class ServerFailed(RequestError):
    """A mistake of ours; the server's log has it."""

    code = "server_failed"
    message = N_("Something went wrong in the class server, and it was noted there. Try again in a while.")
