"""Why a backup cannot be made or put back."""


class BackupError(Exception):
    """A backup that cannot be made, read or put back; the message says what to do."""
