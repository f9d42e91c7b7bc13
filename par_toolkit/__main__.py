"""`python -m par_toolkit` is `par`."""

from par_toolkit.cli import main

if __name__ == "__main__":
    main(prog_name="par")
