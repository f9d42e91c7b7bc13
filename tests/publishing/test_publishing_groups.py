"""The groups that people can say they belong to, as a build says them with who lives here."""

from __future__ import annotations

from pathlib import Path

from par_toolkit.publishing import follow_withdrawals, publish, verify_build
from par_toolkit.storage import withdrawals
from tests.publishing.inquiries import Place

RESIDENTS = 'code = "residents"\nname = { en = "Residents", fr = "Habitants" }\n'
CARERS = 'code = "carers"\nname = { en = "Family and unpaid carers", fr = "Proches aidants" }\n'
RIVER = """
[[wider_group]]
code = "river"
name = { en = "Both banks", fr = "Les deux rives" }
"""


def living(people: int, source: str, year: int) -> str:
    return (
        f'joins = "river"\nabout = "place"\npopulation = {people}\n'
        f'population_source = "{source}"\npopulation_year = {year}\n'
    )


def test_they_stand_in_the_inquirys_order_and_wider_ones_add_up(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.change(RESIDENTS, RESIDENTS + living(900, "made-up census", 2021))
    place.change(CARERS, CARERS + living(60, "made-up survey", 2019) + RIVER)
    place.tell(receipt="1" * 16)
    publish(place.folder)
    rows = place.rows("select * from groups order by position")
    assert [row["code"] for row in rows] == [
        "residents", "carers", "health_workers", "community_groups", "river",
    ]  # fmt: skip
    wider = {"joins": None, "population": 960, "population_year": 2019, "position": 5}
    wider |= {"population_source": "made-up census, made-up survey"}
    assert (
        rows[4] == {"code": "river", "name_en": "Both banks", "name_fr": "Les deux rives"} | wider
    )
    assert (rows[0]["joins"], rows[0]["population"]) == ("river", 900)
    assert (rows[2]["population"], rows[2]["population_source"]) == (None, None)
    assert verify_build(place.live()).sound
    # a withdrawal takes nothing from them: they are the community's own words
    withdrawals.withdraw(place.db, "1" * 16)
    assert follow_withdrawals(place.folder, db=place.db)
    assert place.rows("select * from groups order by position") == rows


def test_a_wider_group_of_which_one_number_is_not_known_has_none(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.change(RESIDENTS, RESIDENTS + living(900, "made-up census", 2021))
    place.change(CARERS, CARERS + 'joins = "river"\nabout = "place"\n' + RIVER)
    publish(place.folder)
    (river,) = place.rows("select * from groups where code = 'river'")
    assert (river["population"], river["population_source"], river["population_year"]) == (
        None, None, None,
    )  # fmt: skip
