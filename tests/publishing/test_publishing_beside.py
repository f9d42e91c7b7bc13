"""What stands beside people's words: at most one attribute, shared by enough, and never alone."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit import inquiry
from par_toolkit.keeping import back_up, restore
from par_toolkit.publishing import follow_withdrawals, publish, verify_build
from par_toolkit.publishing.beside import CONTRIBUTORS, Beside, Told, beside, shared
from par_toolkit.storage import topics, withdrawals
from tests.publishing.inquiries import Place

BY_GROUP = ('beside_quotes = "kind"', 'beside_quotes = "group"')


def told(*values: str | None, form: str = "story", language: str = "en") -> list[Told]:
    """Return a story of one person for each value."""
    return [
        Told(n, f"person {language} {form} {n}", language, form, value)
        for n, value in enumerate(values)
    ]


def crowd(place: Place, *groups: str) -> list[int]:
    """Have six people of each group tell what nobody may quote, so that figures can be shown."""
    return [
        place.tell(f"Quiet {n}.", group=group, consent=("analyse",))
        for group in groups
        for n in range(6)
    ]


def groups_of(place: Place) -> Counter[str | None]:
    return Counter(row["stakeholder_group"] for row in place.rows("select * from quotes"))


def test_worked_examples_of_what_is_shared() -> None:
    many = {"a": set("123456"), "b": set("789xy"), "c": {"z"}}
    # c is hidden; nobody else has none, so b joins it: five and one
    assert shared(many, fewest=5) == {"a"}
    # four who did not say hide whoever is alone
    assert shared(many | {None: set("pqrs")}, fewest=5) == {"a", "b"}
    assert shared({"a": set("12345"), None: {"6"}}, fewest=5) == {"a"}
    assert shared({"a": set("1234")}, fewest=5) == frozenset()
    assert shared({}, fewest=5) == frozenset()


def test_one_person_with_many_stories_is_one() -> None:
    every = [Told(n, "the same", "en", "story", "success") for n in range(20)]
    assert set(beside(every, threshold=5, thresholds={}).values()) == {Beside(None, None)}


def test_a_form_and_a_kind_are_shared_together_and_in_one_language() -> None:
    """Ten people told a success, but only one of them in Urdu: there it would point at them."""
    english = told(*["success"] * 10)
    urdu = [Told(100 + n, f"u{n}", "ur", "story", "success" if not n else None) for n in range(5)]
    found = beside([*english, *urdu], threshold=5, thresholds={})
    assert found[0] == Beside("story", "success")
    assert found[100] == Beside("story", None)


def test_a_theme_with_a_higher_threshold_asks_for_more_people() -> None:
    every = [Told(n, str(n), "en", "story", "success", frozenset({n % 2})) for n in range(12)]
    found = beside(every, threshold=5, thresholds={1: 20})
    assert found[0].attribute == "success" and found[1].attribute is None


def test_promise_11_identity_stands_beside_no_words(place: Place) -> None:
    """And whoever is left without a group because of that is not alone without one."""
    place.change(*BY_GROUP)
    place.change('code = "carers"', 'code = "carers"\nabout = "identity"')
    place.change("[consent]", '[[topic]]\ncode = "race_and_place"\nthreshold = 5\n\n[consent]')
    crowd(place, "health_workers", "community_groups")
    for group in ("residents", "carers"):
        for n in range(8):
            place.tell(f"{group} {n}.", group=group)
    publish(place.folder)
    (carers,) = place.rows("select people from participation where stakeholder_group = 'carers'")
    assert carers["people"] == 10  # their number is told, as it is large enough
    assert groups_of(place) == {"residents": 8, None: 8}


def test_promise_11_a_sensitive_theme_asks_for_more_people_beside_its_quotes(place: Place) -> None:
    place.change(*BY_GROUP)
    others = ("carers", "health_workers", "community_groups")
    clinic = place.theme(
        [place.tell(f"The clinic, {n}.") for n in range(7)] + crowd(place, *others), name="Clinic"
    )
    place.theme(
        [place.tell(f"The bus, {n}.") for n in range(7)] + crowd(place, *others), name="Bus"
    )
    topics.mark(place.db, "theme", clinic, ["health"], known=["health"], by=place.two)
    publish(place.folder)
    assert groups_of(place) == {"residents": 7, None: 7}
    assert place.rows("select name, threshold from themes order by name") == [
        {"name": "Bus", "threshold": 5},
        {"name": "Clinic", "threshold": 20},
    ]
    assert place.rows(
        """
        select distinct themes.name from quotes join quote_themes on quote = quotes.id
        join themes on themes.id = theme where stakeholder_group is not null
        """
    ) == [{"name": "Bus"}]


VALUES = st.sampled_from(["a", "b", "c", None])
STORIES = st.lists(
    st.builds(
        Told,
        story=st.integers(0, 0),
        person=st.sampled_from([f"p{n}" for n in range(25)]),
        language=st.sampled_from(["en", "fr"]),
        form=st.sampled_from(["story", "feedback"]),
        value=VALUES,
        themes=st.frozensets(st.integers(1, 3), max_size=2),
    ),
    max_size=60,
)


@given(stories=STORIES, threshold=st.integers(2, 6))
def test_whatever_a_reader_sees_together_enough_people_share(
    stories: list[Told], threshold: int
) -> None:
    every = [
        Told(n, one.person, one.language, one.form, one.value, one.themes)
        for n, one in enumerate(stories)
    ]
    found = beside(every, threshold=threshold, thresholds={})
    seen: dict[tuple[str, str | None, str | None], set[str]] = {}
    under: dict[tuple[int, str], set[str]] = {}
    for one in every:
        has = found[one.story]
        assert has.form in (one.form, None) and has.attribute in (one.value, None)
        shown_form = one.form if has.form else None
        seen.setdefault((one.language, shown_form, one.value), set()).add(one.person)
        for theme in one.themes:
            under.setdefault((theme, one.value or ""), set()).add(one.person)
    for one in every:
        has = found[one.story]
        if has.form:
            same = {o.person for o in every if (o.language, o.form) == (one.language, one.form)}
            assert len(same) >= threshold
        if has.attribute:
            assert len(seen[one.language, has.form, has.attribute]) >= threshold
            for theme in one.themes:
                assert len(under[theme, has.attribute]) >= CONTRIBUTORS
    # whoever is left without one although they said it is among enough others without one
    for (language, form), here in itertools.groupby(
        sorted(every, key=lambda o: (o.language, str(found[o.story].form))),
        key=lambda o: (o.language, found[o.story].form),
    ):
        those = list(here)
        has_none = {o.person for o in those if found[o.story].attribute is None}
        unsaid = {
            o.person for o in those if o.value is not None and found[o.story].attribute is None
        }
        shown = any(found[o.story].attribute for o in those)
        by_theme = any(o.themes for o in those)
        if unsaid and shown and not by_theme:
            assert len(has_none) >= threshold, (language, form)


@pytest.mark.parametrize(
    ("chosen", "seen"),
    [
        ("kind", ("success", None, None)),
        ("group", (None, "residents", "Habitants")),
        ("nothing", (None, None, None)),
    ],
)
def test_the_inquiry_chooses_the_group_the_kind_or_nothing(
    place: Place, chosen: str, seen: tuple[str | None, ...]
) -> None:
    place.change(BY_GROUP[0], f'beside_quotes = "{chosen}"')
    crowd(place, "carers", "health_workers", "community_groups")
    for n in range(6):
        place.tell(
            f"Bus {n}.", consent=("analyse", "quote", "publish"), answers={"kind": "success"}
        )
    publish(place.folder)
    for table in ("quotes", "stories"):
        found = place.rows(f"select distinct kind, stakeholder_group, group_fr from {table}")
        assert [tuple(row.values()) for row in found] == [seen]
    assert place.rows("select beside_quotes from inquiry") == [{"beside_quotes": chosen}]


def test_another_choice_is_refused(place: Place) -> None:
    place.change(BY_GROUP[0], 'beside_quotes = "age"')
    with pytest.raises(inquiry.InquiryError, match='"kind", "group" or "nothing"'):
        publish(place.folder)


def kinds_by_theme(place: Place, column: str) -> dict[str, Counter[str | None]]:
    found: dict[str, Counter[str | None]] = {}
    for row in place.rows(
        f"""
        select themes.name, {column} as beside from quotes
        join quote_themes on quote = quotes.id join themes on themes.id = theme
        """
    ):
        found.setdefault(row["name"], Counter())[row["beside"]] += 1
    return found


@pytest.mark.parametrize(("hard", "seen"), [(2, {None: 8}), (3, {"success": 6, "challenge": 3})])
def test_promise_11_at_least_three_people_stand_behind_a_theme_and_what_is_beside_its_quotes(
    place: Place, hard: int, seen: dict[str | None, int]
) -> None:
    """Of twelve who told something hard two speak of the bus. Their words there do not say so; and
    as theirs would be the only ones without, neither do the others'."""
    bus = [place.tell(f"The bus, {n}.", answers={"kind": "success"}) for n in range(6)]
    bus += [place.tell(f"My bus, {n}.", answers={"kind": "challenge"}) for n in range(hard)]
    place.theme(bus, name="Bus")
    care = [place.tell(f"Care, {n}.", answers={"kind": "challenge"}) for n in range(12 - hard)]
    place.theme(care, name="Care")
    publish(place.folder)
    assert kinds_by_theme(place, "kind") == {"Bus": seen, "Care": {"challenge": 12 - hard}}


def test_promise_11_words_under_a_theme_do_not_name_a_group_whose_number_there_is_hidden(
    place: Place,
) -> None:
    """Four carers speak of the bus, too few to be counted there. Four quotes would tell that."""
    place.change(*BY_GROUP)
    bus = crowd(place, "health_workers", "community_groups")
    bus += [place.tell(f"The bus, {n}.") for n in range(9)]
    bus += [place.tell(f"My bus, {n}.", group="carers") for n in range(4)]
    place.theme(bus, name="Bus")
    care = crowd(place, "health_workers", "community_groups", "residents")
    care += [place.tell(f"Care, {n}.", group="carers") for n in range(8)]
    place.theme(care, name="Care")
    publish(place.folder)
    assert place.rows(
        """
        select name, stakeholder_group as who from theme_people join themes on id = theme
        where shown = 'hidden' order by name, who = 'carers' desc limit 1
        """
    ) == [{"name": "Bus", "who": "carers"}]
    assert kinds_by_theme(place, "stakeholder_group") == {
        "Bus": {"residents": 9, None: 4},
        "Care": {"carers": 8},
    }


def test_promise_11_after_a_withdrawal_too_few_share_it_and_it_goes(place: Place) -> None:
    """The build that follows a withdrawal keeps to the rule as well: four residents are too few."""
    place.change(*BY_GROUP)
    crowd(place, "health_workers", "community_groups")
    for n in range(5):
        place.tell(f"Resident {n}.", receipt=f"{n}" * 16)
    for n in range(5):
        place.tell(f"Carer {n}.", group="carers")
    publish(place.folder)
    assert groups_of(place) == {"residents": 5, "carers": 5}
    withdrawals.withdraw(place.db, "1" * 16)
    assert follow_withdrawals(place.folder, db=place.db)
    assert groups_of(place) == {None: 9}
    assert place.rows("select distinct group_en, form from quotes") == [
        {"group_en": None, "form": "story"}
    ]
    assert verify_build(place.live()).sound


def test_promise_11_the_file_itself_cannot_hold_two_attributes(place: Place) -> None:
    schema = place_schema(place)
    assert schema.count("check (kind is null or stakeholder_group is null)") == 2


def place_schema(place: Place) -> str:
    place.tell()
    publish(place.folder)
    return "\n".join(
        row["sql"] for row in place.rows("select sql from sqlite_master where sql is not null")
    )


def test_promise_11_words_do_not_name_a_group_whose_number_is_hidden(place: Place) -> None:
    """Nine health workers cover three carers. Named beside a quote, they would be five at least,
    and so the carers seven at most."""
    place.change(*BY_GROUP)
    people = {"residents": 23, "carers": 3, "health_workers": 9, "community_groups": 12}
    for group, number in people.items():
        for n in range(number):
            place.tell(f"{group} {n}.", group=group)
    publish(place.folder)
    hidden = "select stakeholder_group as who from participation where shown = 'hidden' order by 1"
    assert [row["who"] for row in place.rows(hidden)] == ["carers", "health_workers"]
    assert groups_of(place) == {"residents": 23, "community_groups": 12, None: 12}


def test_a_file_shows_whether_its_words_name_what_it_hides(place: Place) -> None:
    place.change(*BY_GROUP)
    crowd(place, "carers", "health_workers")
    told = [place.tell(f"The bus, {n}.") for n in range(7)]
    place.theme([*told, place.tell("My bus.", group="community_groups")], name="Bus")
    place.tell("Alone.", group="community_groups")
    publish(place.folder)
    path = place.live()
    assert verify_build(path).sound, verify_build(path).sentences
    hidden = "(select stakeholder_group from {} where shown = 'hidden' limit 1)"
    for sql, said in (
        (f"update quotes set stakeholder_group = {hidden.format('participation')}", "number here"),
        (
            f"update quotes set stakeholder_group = {hidden.format('theme_people')}",
            "number under a theme is hidden",
        ),
        (
            "update stories set kind = 'both'; update quotes set kind = 'both'",
            "does not show there",
        ),
    ):
        copy = path.with_name("changed.db")
        copy.write_bytes(path.read_bytes())
        with closing(sqlite3.connect(copy)) as conn:
            conn.executescript(sql)
        assert said in " ".join(verify_build(copy).sentences)


def test_promise_11_no_quote_has_a_kind_in_one_build_and_a_group_in_another(place: Place) -> None:
    """Whoever keeps both builds would know both of it. What is told later may have the group."""
    crowd(place, "carers", "health_workers", "community_groups")
    for n in range(6):
        place.tell(f"Early {n}.", answers={"kind": "success"})
    place.tell("Early, and does not say.")
    publish(place.folder)
    place.change(*BY_GROUP)
    for n in range(6):
        place.tell(f"Late {n}.", answers={"kind": "success"})
    publish(place.folder)
    beside = {row["text"].rstrip(" 0123456789."): row for row in place.rows("select * from quotes")}
    assert beside["Early"]["kind"] is beside["Early"]["stakeholder_group"] is None
    assert beside["Late"]["stakeholder_group"] == "residents"
    assert beside["Early, and does not say"]["stakeholder_group"] == "residents"
    place.change(BY_GROUP[1], 'beside_quotes = "kind"')
    publish(place.folder)
    again = {row["text"].rstrip(" 0123456789."): row for row in place.rows("select * from quotes")}
    assert again["Early"]["kind"] == "success" and again["Late"]["kind"] is None


def test_promise_11_a_restore_does_not_forget_what_stood_beside_quotes(place: Place) -> None:
    crowd(place, "carers", "health_workers", "community_groups")
    for n in range(6):
        place.tell(f"Early {n}.", answers={"kind": "success"})
    backup = back_up(place.folder).path
    publish(place.folder)
    assert place.rows("select 1 from quotes where kind is not null")
    restore(backup, place.folder)
    place.change(*BY_GROUP)
    publish(place.folder)
    rows = place.rows("select * from quotes where text like 'Early%'")
    assert {row["stakeholder_group"] for row in rows} == {None}
