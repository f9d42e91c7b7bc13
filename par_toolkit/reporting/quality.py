"""What a report says of its own quality: who was heard, member checks, five criteria, the trail."""

from __future__ import annotations

from collections.abc import Iterator

from par_toolkit.reporting.blocks import Block, Heading, Items, Said, Sentence, Table
from par_toolkit.reporting.model import Report
from par_toolkit.reporting.saying import Say
from par_toolkit.storage.sensemaking.evidence import Group

#: From two thirds on 'most', below one third 'hardly' any.
MOST = 2 / 3
HARDLY = 1 / 3


def who(report: Report, say: Say) -> Iterator[Block]:
    """Tell which groups were sought and heard; no number of people below the threshold."""
    yield Heading(2, say("who"))
    yield Table(
        say("who_caption"),
        [say(name) for name in ("group", "sought", "told", "in_circles")],
        [
            (
                say.group(one.group),
                say("yes" if one.sought else "no"),
                say.people(one.told),
                say.people(one.heard),
            )
            for one in report.evidence.groups
        ],
    )


def share(part: int, of: int) -> str:
    """Say in one word how large a part is: 'most', 'some' or 'hardly'."""
    return "most" if part / of >= MOST else "hardly" if part / of < HARDLY else "some"


def checks(report: Report, say: Say) -> Iterator[Block]:
    """Tell whether tellers find their words used rightly."""
    found = report.checked
    yield Heading(2, say("checks"))
    if not found.tellers:
        yield Sentence(say("checks_none"))
        return
    if found.tellers < report.fewest:
        yield Sentence(say("checks_few", fewest=report.fewest))
    else:
        yield Sentence(say(f"checks_{share(found.right, found.tellers)}"))
    if found.waiting:
        yield Sentence(say("checks_waiting"))


def criteria(report: Report, say: Say) -> Iterator[Block]:
    """Tell the five criteria of authenticity, and what the evaluators had expected."""
    yield Heading(2, say("quality"))
    for name in (_fairness, _ontological, _educative, _catalytic, _tactical, _sealed):
        yield from name(report, say)


def _fairness(report: Report, say: Say) -> Iterator[Block]:
    yield Heading(3, say("fairness"))
    groups = report.evidence.groups
    missing = [one.group for one in groups if not one.was_heard]
    only_told = [one.group for one in groups if one.was_heard and not one.heard]
    appeals = report.evidence.appeals
    for what, named in (("fair_missing", missing), ("fair_stories", only_told)):
        if named:
            yield Sentence(say(what, groups=say.groups(named)), note=True)
    if not missing and not only_told:
        yield Sentence(say("fair_all"))
    said = ["fair_appeals" if appeals.made else "fair_no_appeals"]
    said += ["fair_upheld"] if appeals.upheld else []
    said += ["fair_waiting"] if appeals.waiting else []
    yield Sentence(" ".join(map(say, said)))  # how many would count people who appealed


def _ontological(report: Report, say: Say) -> Iterator[Block]:
    yield Heading(3, say("ontological"))
    wrote = [one for one in report.evidence.groups if one.again]
    named = [f"{say.group(one.group)} ({say.people(one.again)})" for one in wrote]
    yield Sentence(
        say("ontological_some", groups=say("comma").join(named))
        if wrote
        else say("ontological_none")
    )


def _educative(report: Report, say: Say) -> Iterator[Block]:
    yield Heading(3, say("educative"))
    if not report.heard:
        yield Sentence(say("educative_none"))
    for group, about, words, verdict in report.heard:
        whose = "educative_of" if group in report.of_one else "educative_of_somebody"
        yield Said(words, by=say(whose, group=say.group(group), about=say.group(about)))
        yield Sentence(say(f"verdict_{verdict}"))


def _catalytic(report: Report, say: Say) -> Iterator[Block]:
    led = report.evidence.led
    yield Heading(3, say("catalytic"))
    yield Sentence(
        say(
            "catalytic_some",
            negotiated=len(led),
            acted=sum(bool(one.actions) for one in led),
            reasoned=sum(one.no_action for one in led),
        )
        if led
        else say("catalytic_none")
    )


def _tactical(report: Report, say: Say) -> Iterator[Block]:
    yield Heading(3, say("tactical"))
    yield Sentence(say("tactical_order"))
    yield Items([_able(one, report.fewest, say) for one in report.evidence.by_power])


def _able(group: Group, fewest: int, say: Say) -> str:
    if not group.answered:
        how = "none"
    elif group.answered < fewest:
        how = "few"
    else:
        how = share(group.able.get("yes", 0), group.answered)
    return say(f"able_{how}", group=say.group(group.group))


def _sealed(report: Report, say: Say) -> Iterator[Block]:
    how = "none" if not report.sealed else "open" if report.closed else "shut"
    yield Heading(3, say("sealed"))
    yield Sentence(say(f"sealed_{how}", sealed=report.sealed, opened=report.opened))
    for words in report.expected:
        yield Said(words, by=say("expected"))


def trail(report: Report, say: Say) -> Iterator[Block]:
    """Sum up the audit trail: whether it is whole, and what was done in which role."""
    found = report.trail
    yield Heading(2, say("trail"))
    if not found.whole:
        yield Sentence(say("trail_broken"), note=True)
        return
    yield Sentence(say("trail_whole", rows=found.rows))
    yield Sentence(say("trail_hash", hash=found.last))
    if found.acts:
        yield Table(
            say("trail_caption"),
            [say(name) for name in ("act", "role", "number")],
            [
                (say(f"act_{act}"), say.known(f"role_{role}", role), str(number))
                for role, act, number in found.acts
            ],
        )
