"""Put a report in words: the whole of it, or in short for one group. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from par_toolkit.reporting import figures, quality
from par_toolkit.reporting.blocks import (
    Block,
    Document,
    Heading,
    Items,
    Quoted,
    Said,
    Sentence,
    SideBySide,
    Table,
)
from par_toolkit.reporting.model import Case, Doing, Report, Together
from par_toolkit.reporting.saying import Say, saying


def document(report: Report, *, language: str, group: str | None = None) -> Document:
    """Return the whole report in `language`, or in short what concerns one `group`."""
    say = saying(report, language)
    cycle = say.named(report.cycle)
    title = say("title", cycle=cycle)
    if group is not None:
        title = say("title_short", group=say.group(group), cycle=cycle)
    parts = _whole(report, say) if group is None else _short(report, say, group)
    return Document(title, language, report.inquiry, [Heading(1, title), *parts])


def _whole(report: Report, say: Say) -> Iterator[Block]:
    yield from _begin(report, say)
    yield from _contract(report, say)
    yield from quality.who(report, say)
    yield from _together(report, say)
    yield from _resolved(report, report.resolved, say, "resolved_none")
    yield from _unresolved(report, say)
    yield from _held(report, say)
    yield from figures.statements(report, say)
    yield from _actions(report.actions, report, say, "actions_none")
    yield from quality.checks(report, say)
    yield from quality.criteria(report, say)
    yield from _close(report, say)
    yield from quality.trail(report, say)


def _short(report: Report, say: Say, group: str) -> Iterator[Block]:
    """Give what concerns one group, its own view before the others'."""

    def ours(cases: Sequence[Case]) -> list[Case]:
        # an item of a group that is not named stands in every group's version
        hidden = [one for one in cases if not one.parties and one.group not in report.of_one]
        return [one for one in cases if group in (one.group, *one.parties) or one in hidden]

    resolved, unresolved = ours(report.resolved), ours(report.unresolved)
    numbers = {one.id for one in [*resolved, *unresolved]}
    yield Sentence(_of(report, say))
    yield Sentence(say("what_this_is"))
    for one in report.together:
        if one.group == group and one.named:
            yield Heading(2, say("together"))
            yield from _of_circle(one, report, say)
    yield from _alone(report, say)
    yield from _unresolved(report, say, unresolved, group)
    yield from _resolved(report, resolved, say, "resolved_none_group", group)
    actions = [one for one in report.actions if one.item in numbers]
    yield from _actions(actions, report, say, "actions_none_group")
    yield Sentence(say("rules", fewest=report.fewest))
    yield Sentence(say("short_rules"))


def _of(report: Report, say: Say) -> str:
    of = say("of", inquiry=report.inquiry, locality=report.locality, today=say.day(report.today))
    if report.begins and report.ends:
        of += " " + say("dates", begins=say.day(report.begins), ends=say.day(report.ends))
    return of


def _begin(report: Report, say: Say) -> Iterator[Block]:
    yield Sentence(_of(report, say))
    yield Sentence(say("what_this_is"))
    yield Sentence(say("rules", fewest=report.fewest))
    if report.left_out:
        listed = [say(f"left_{what}", number=n) for what, n in sorted(report.left_out.items())]
        yield Sentence(say("left_out", what=say("comma").join(listed)), note=True)


def _contract(report: Report, say: Say) -> Iterator[Block]:
    if report.contract is None:
        return
    terms = report.contract.terms
    yield Heading(2, say("contract"))
    yield Sentence(say("contract_version", version=report.contract.version))
    for name, words in (("purpose", terms.purpose), ("stake", terms.stake)):
        yield Heading(3, say(name))
        yield Said(words)
    yield Heading(3, say("promised"))
    yield Sentence(say(f"promise_{terms.promise}"))
    yield Said(terms.promised)


def _together(report: Report, say: Say) -> Iterator[Block]:
    yield Heading(2, say("together"))
    if not report.together:
        yield Sentence(say("together_none"))
    for one in sorted(report.together, key=lambda one: not one.named):
        yield Heading(3, say.party(one))
        yield from _of_circle(one, report, say)
    yield from _alone(report, say)


def _of_circle(one: Together, report: Report, say: Say) -> Iterator[Block]:
    """Give what a circle says, and what stands beside it where its group may be named there."""
    if len(one.words) > 1:
        yield SideBySide([("", text) for text in one.words])
    else:
        yield from (Said(text) for text in one.words)
    if one.beside and one.group in report.of_one:
        yield Sentence(say("beside"))
        yield SideBySide(one.beside)
    if one.silent:
        yield Sentence(say("silent"), note=True)


def _alone(report: Report, say: Say) -> Iterator[Block]:
    """Give what people see otherwise whose group would point at them, in no group's order."""
    found = [
        view for one in report.together if one.group not in report.of_one for view in one.beside
    ]
    if found:
        yield Heading(3, say("alone"))
        yield SideBySide(sorted(found))


def _resolved(
    report: Report, cases: Sequence[Case], say: Say, none: str, group: str | None = None
) -> Iterator[Block]:
    yield Heading(2, say("resolved"))
    if not cases:
        yield Sentence(say(none))
    for case in cases:
        yield from _case(case, report, say, group)


def _unresolved(
    report: Report,
    say: Say,
    cases: Sequence[Case] | None = None,
    group: str | None = None,
) -> Iterator[Block]:
    listed = report.unresolved if cases is None else cases
    yield Heading(2, say("unresolved"))
    if not listed:
        yield Sentence(say("unresolved_none" if group is None else "unresolved_none_group"))
        return
    yield Sentence(say("unresolved_stops" if report.stops else "unresolved_lead"))
    for case in listed:
        yield from _case(case, report, say, group)


def _case(case: Case, report: Report, say: Say, group: str | None) -> Iterator[Block]:
    """Tell one item; where it is told to a `group`, its own view comes first."""
    yield Heading(3, say("item", kind=say(f"kind_{case.kind}"), number=case.id))
    named = case.group in report.of_one
    yield Said(case.words, by=say("from_group", group=say.group(case.group)) if named else "")
    about = [say("affects", groups=say.groups(case.parties))] if case.parties else []
    if case.theme:
        about.append(say("theme", theme=case.theme))
    if about:
        yield Items(about)
    if case.views:
        yield Sentence(f"{say('views')}. {say('views_own')}")
        yield SideBySide(_views(case, say, group))
    elif not case.negotiated:
        yield Sentence(say("not_negotiated" if case in report.unresolved else "settled"))
    if case.quotes:
        yield Sentence(say("quotes"))
        yield from (Quoted(one.words, one.language) for one in case.quotes)
    if case.found_out:
        yield Sentence(say("found_out"))
        for question, answer in case.found_out:
            yield SideBySide([("", question), ("", answer)])
    if case.outcome:
        yield Sentence(say("ended", how=say(f"ended_{case.outcome}")))
        yield Said(case.outcome_words)
    if case.no_action:
        yield Sentence(say("no_action"))
        yield Said(case.no_action)
    if case.actions:
        yield Items([_line(one, report, say) for one in case.actions])


def _views(case: Case, say: Say, group: str | None) -> list[tuple[str, str]]:
    """Return views side by side: one's own first, those of small groups in no group's order."""
    named = sorted((one for one in case.views if one.named), key=lambda one: one.group != group)
    hidden = sorted((one for one in case.views if not one.named), key=lambda one: one.words)
    return [(say.party(one), one.words) for one in [*named, *hidden]]


def _line(doing: Doing, report: Report, say: Say) -> str:
    due = say.day(date.fromisoformat(doing.due))
    return f"{doing.what} ({doing.owner}, {due}: {_state(doing, report, say)})"


def _state(doing: Doing, report: Report, say: Say) -> str:
    state = say(f"state_{doing.state}")
    return say("overdue", state=state) if doing.overdue(report.today) else state


def _held(report: Report, say: Say) -> Iterator[Block]:
    if report.held:
        yield Heading(2, say("held"))
        yield Items([say(f"held_{why}", item=item) for item, why in report.held])


def _actions(actions: Sequence[Doing], report: Report, say: Say, none: str) -> Iterator[Block]:
    yield Heading(2, say("actions"))
    if not actions:
        yield Sentence(say(none))
        return
    yield Table(
        say("actions_caption"),
        [say(name) for name in ("what", "owner", "due", "state")],
        [
            (
                one.what + (f" ({say('on_item', item=one.item)})" if one.item else ""),
                one.owner,
                say.day(date.fromisoformat(one.due)),
                _state(one, report, say) + (f": {one.words}" if one.words else ""),
            )
            for one in actions
        ],
    )


def _close(report: Report, say: Say) -> Iterator[Block]:
    parts: list[tuple[str, str]] = [
        ("reflection", report.reflection),
        ("next_stops" if report.stops else "next", report.next_plan),
    ]
    for name, words in parts:
        if words:
            yield Heading(2, say(name))
            yield Said(words)
