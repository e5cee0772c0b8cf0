"""A JupyterHub with Aralify's class server as one of its services: an example to copy and change.

Two Python environments may be used, one for the Hub (jupyterhub) and one for the service and the single-user servers
(aralify[hub]); then write the full path of that one's `aralify` below.
"""

from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub gives it

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # a reverse proxy in front speaks https, see docs/operator.md

# ---- the class server: the Hub starts it, and lets people in there
c.JupyterHub.services = [
    {
        "name": "aralify",
        "url": "http://127.0.0.1:10101",
        "command": ["aralify", "serve"],
        "oauth_no_confirm": True,
        "timeout": 120,  # seconds: the first start makes the database
        "environment": {
            "ARALIFY_HOME": str(Path("/srv/aralify")),  # of the service's user only: learners must not read it
            # With PostgreSQL: ARALIFY_DATABASE_URL, as docs/operator.md says.
            # No ARALIFY_TRUSTED_PROXIES: learners' code runs on this computer, and could write the proxy's headers.
            # Where the proxy has an address of its own, which no learner's code has, name that one: see
            # docs/operator/jupyterhub.md.
            # What groups give, each time somebody comes. The classes are made with `aralify class new`.
            "ARALIFY_HUB_GROUPS": "staff=moderator, grade-9=learner:grade-9, grade-9-staff=teacher:grade-9",
        },
    }
]

c.JupyterHub.load_roles = [
    # the class server may ask the Hub in which groups somebody is
    {"name": "aralify", "services": ["aralify"], "scopes": ["read:users:name", "read:users:groups"]},
    # everybody may open the class server, in a browser and from a notebook
    {"name": "user", "scopes": ["self", "access:services!service=aralify"]},
    {
        "name": "server",
        "scopes": ["users:activity!user", "access:servers!server", "access:services!service=aralify"],
    },
]

c.JupyterHub.load_groups = {
    "grade-9": {"users": ["ana", "ben"]},
    "grade-9-staff": {"users": ["tess"]},
}

# ---- the learners' servers: their notebooks send answers to the class server, as whoever the server belongs to
c.Spawner.environment = {
    "ARALIFY_SERVER": "http://127.0.0.1:8000/services/aralify",
    "ARALIFY_HUB_SIGN_IN": "1",
}

# ---- who may come, and as which user of the computer their code runs: add your authenticator and your spawner
# Each learner's code must run as a user (or in a container) of its own: it must read neither the home of the class
# server nor other learners' files. The default spawner does that with the users of this computer.
