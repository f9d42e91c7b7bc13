"""What `par publish --preview` says: what would be published, what stays, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from par_toolkit.publishing import Preview
from par_toolkit.publishing.plan import Plan

HELD: Final = {
    "no_consent": "the teller has not agreed",
    "not_released": "two people have not said yes yet",
    "words_changed": "the words changed after the yes",
    "nothing_left": "so much is hidden that no words are left",
    "not_ours": "its own people have not said that it is theirs",
    "circle_open": "the circle is still open",
    "appeal": "an appeal waits for its answer",
    "not_that": "a teller said that it is not so",
}
TABLES: Final = {
    "participation": "Who took part, by group and cycle",
    "theme_people": "Who spoke of “{title}”, by group",
    "member_checks": "What tellers say of “{title}”",
    "agreement": "Who agrees with “{title}”, by group",
    "action_people": "Whose words led to actions that are {part}, by group",
}
JOINED: Final = {
    "position": "Disagree and unsure are counted together.",
    "time": "All cycles are counted together.",
    "place": "Small groups of a place are counted in wider ones.",
    "age": "Small groups of an age are counted in wider ones.",
    "identity": "Small groups of race or Indigenous identity are counted in wider ones.",
}


def as_json(preview: Preview) -> dict[str, Any]:
    """Return a preview for programs; `state` of a table is null where it would be refused."""
    return {
        "quotes": preview.quotes,
        "stories": preview.stories,
        "themes": preview.themes,
        "texts_of_circles": preview.said,
        "themes_waiting": preview.themes_waiting,
        "held": preview.held,
        "held_of_circles": preview.held_of_circles,
        "shown_figures": preview.shown_cells,
        "hidden_figures": preview.hidden_cells,
        "tables": [
            {
                "table": plan.name,
                "part": plan.part,
                "title": plan.title,
                "threshold": plan.threshold,
                "topics": list(plan.topics),
                "state": plan.state,
                "joined": list(plan.joined),
                "shown": plan.shown,
                "hidden": plan.hidden,
                "refused": str(plan.refusal) if plan.refusal else None,
            }
            for plan in preview.tables
        ],
        "refused": str(preview.refusal) if preview.refusal else None,
    }


def sentences(preview: Preview) -> list[str]:
    """Say a preview in plain words."""
    return list(_sentences(preview))


def _sentences(preview: Preview) -> Iterator[str]:
    yield (
        f"Would be published: quotes {preview.quotes:,}, whole stories {preview.stories:,}, themes "
        f"{preview.themes:,}, texts of circles {preview.said:,}, figures of people "
        f"{preview.shown_cells:,}."
    )
    for what, held in (("Stories", preview.held), ("Texts of circles", preview.held_of_circles)):
        yield from (f"{what} that stay: {n:,}, as {HELD[why]}." for why, n in held.items())
    if preview.themes_waiting:
        yield f"Themes that stay: {preview.themes_waiting:,}, as nobody has endorsed them yet."
    for plan in preview.tables:
        yield f"{TABLES[plan.name].format(title=plan.title, part=plan.part)}: {_why(plan)}"
    if preview.refusal:
        yield f"Publishing would be refused now. {preview.refusal}"


def _why(plan: Plan) -> str:
    if plan.refusal is not None:
        return "refused."
    said = [f"{plan.shown} shown, {plan.hidden} hidden.", *(JOINED[one] for one in plan.joined)]
    if plan.state == "waits":
        said.append(
            f"Fewer than {plan.threshold} people came or went since, so the figures of before are "
            "shown again."
        )
    if plan.state == "covered":
        said.append("The least number of people rose, so more of the figures of before is hidden.")
    if plan.hidden:
        said.append(
            f"What is hidden is about fewer than {plan.threshold} people, or would give such a "
            "figure away."
        )
    if plan.topics:
        said.append(f"It is about something sensitive: {', '.join(plan.topics)}.")
    return " ".join(said)
