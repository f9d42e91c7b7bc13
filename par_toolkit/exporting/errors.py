"""Why an export cannot be written or loaded."""


class ExportError(Exception):
    """An export that cannot be written or loaded; the message says what to do."""
