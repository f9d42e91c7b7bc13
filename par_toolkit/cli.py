"""The `par` command: names every command and turns each refusal into a sentence.

Commands are read in when they are used, so that `par --help` is there at once.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from par_toolkit import __version__
from par_toolkit.commands import passphrases, refusals

#: command -> (module in `par_toolkit.commands`, first sentence of its help), in the order of help.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("demo", "Make an example inquiry with made-up stories, and serve it."),
    "init": ("init", "Make a new inquiry in FOLDER, or load one that was exported."),
    "serve": ("serve", "Serve the inquiry: telling, the desk and the findings."),
    "import": ("bring_in", "Bring in stories from a CSV file, or what a tablet saved to a file."),
    "paper": ("paper", "Print a form on paper: write it as a page for a browser."),
    "theme": ("theme", "Let the machine propose themes, for people to endorse."),
    "codebook": ("codebook", "The codebook as a file: export it, import it."),
    "run-report": ("run_report", "Write down how a theming run was done, for a paper."),
    "agreement": ("agreement", "How far groups agree, from a CSV file of positions."),
    "report": ("report", "Write the case report: what is resolved, and what is not."),
    "endorse": ("endorse", "Say yes to proposed themes."),
    "release": ("release", "Release stories' words in the name of two people."),
    "publish": ("publish", "Make a new findings build and let it go live."),
    "verify": ("verify", "Check the live findings, the audit trail and that no story is lost."),
    "rollback": ("rollback", "Go back to an earlier findings build."),
    "withdraw": ("withdraw", "Withdraw everything told under a receipt code."),
    "erase": ("erase", "Finish erasing what was withdrawn, down to the last byte."),
    "retention": ("retention", "Show how long things are kept, and what is past its time."),
    "people": ("people", "The people who may read: add, list, disable."),
    "devices": ("devices", "Paired tablets: add, list, revoke."),
    "lock": ("lock", "Take the opening key out of the folder, onto a stick."),
    "unlock": ("unlock", "Open the sealed stories that came while the opening key was away."),
    "encrypt": (
        "encrypt",
        "Encrypt everything told with a passphrase, or take the encryption off again.",
    ),
    "passphrase": ("passphrase", "Change the passphrase of an encrypted inquiry."),
    "backup": ("backup", "Write a backup of the whole inquiry into one file."),
    "restore": ("restore", "Put a backup back into FOLDER, without what was withdrawn since."),
    "drill": ("drill", "Try out a restore of the newest backup, without touching anything."),
    "keepers": ("keepers", "The people whose keys open backups: add, list, remove."),
    "export": ("export", "Write everything the community has, in open formats."),
    "check": ("check", "Say what would go wrong, and what to do."),
}


class Commands(click.Group):
    """The commands of `COMMANDS`, each read in when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which an inquiry needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Read in one command; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"par_toolkit.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the commands with their first sentences, without reading any of them in."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong ends as one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sentence = "Stopped. What was finished before is kept, and nothing is left half done."
            raise click.ClickException(sentence) from None
        except Exception as error:
            sentence = refusals.sentence(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error


@click.command(
    cls=Commands,
    epilog="\b\nExample:\n  par --inquiry southall check\n\nMore on a command: par COMMAND --help",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--inquiry",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    envvar="PAR_INQUIRY",
    default=".",
    help="The folder of the inquiry. Default: PAR_INQUIRY, else the current folder.",
)
@click.option(
    "--passphrase-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read the passphrase of an encrypted inquiry from the first line of FILE. Default: the "
    "variable PAR_PASSPHRASE, else it is asked for.",
)
@click.version_option(__version__, prog_name="par")
@click.pass_context
def main(ctx: click.Context, folder: Path, passphrase_file: Path | None) -> None:
    """Tell stories, make sense of them together, and publish what a community releases."""
    ctx.obj = folder
    ctx.meta[passphrases.GIVEN] = passphrase_file
