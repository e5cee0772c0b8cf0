"""What can go wrong with the database as a whole."""

from __future__ import annotations

from aralify_kernel.errors.base import N_, AralifyError


class StoreError(AralifyError):
    """About the database as a whole."""

    code = "store"
    message = N_("The database cannot be used just now, so nothing was saved. Try again in a while.")


class DatabaseNewer(StoreError):
    """The database was written by a newer Aralify."""

    code = "database_newer"
    message = N_("This database was made by a newer Aralify (schema {revision}). Update Aralify, then try again.")


class DatabaseOutdated(StoreError):
    """The database has an older schema than this Aralify."""

    code = "database_outdated"
    message = N_("This database has an older schema. Run “aralify db upgrade”, then try again.")


class DatabaseReadOnly(StoreError):
    """The database cannot be written to."""

    code = "database_read_only"
    message = N_("The database is read-only, so nothing was saved. Check who may write to {location}.")


class DiskFull(StoreError):
    """No room on the disk."""

    code = "disk_full"
    message = N_("The disk is full, so nothing was saved. Free some space, then try again.")


class DatabaseBusy(StoreError):
    """The database stayed locked for longer than the busy time-out."""

    code = "database_busy"
    message = N_("The database is busy with other work. Nothing was lost; try again in a moment.")


class DatabaseUnusable(StoreError):
    """The database cannot be opened, or is no database."""

    code = "database_unusable"
    message = N_("The database at {location} cannot be opened: {reason}")


class DatabaseUnreachable(StoreError):
    """The database server refused the connection, or ended it."""

    code = "database_unreachable"
    message = N_("The database server at {location} cannot be reached: {detail}. Nothing was saved; try again soon.")


class CommitUnclear(StoreError):
    """The database server went away while it saved."""

    code = "commit_unclear"
    message = N_("The database server went away while saving. Look whether the last step is there; if not, repeat it.")


class CopyFailed(StoreError):
    """A backup, or another database, did not become a copy."""

    code = "copy_failed"
    message = N_("The database was not copied to {location}. {reason}")
