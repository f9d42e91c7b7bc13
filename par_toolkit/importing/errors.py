"""Why a file cannot be brought in at all; a row that cannot is only reported."""


class ImportRefused(Exception):
    """Refuse a whole file or a mapping; the message is a sentence that says what to do."""
