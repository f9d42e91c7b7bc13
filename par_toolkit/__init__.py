"""Software with which a community researches its own situation."""

__version__ = "0.1.0"
