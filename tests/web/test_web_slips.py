"""Slips: held under random names, forgotten in time, never too many."""

from __future__ import annotations

from par_toolkit.web.slips import Slip, Slips


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


ONE = Slip("1" * 16, "stored")


def test_a_slip_is_found_by_its_name_only() -> None:
    slips = Slips()
    name = slips.put(ONE)
    assert slips.get(name) == ONE
    assert "1111" not in name
    assert slips.get("other") is None and slips.get(None) is None and slips.get("") is None


def test_a_slip_is_forgotten_after_its_time() -> None:
    clock = Clock()
    slips = Slips(seconds=600, clock=clock)
    name = slips.put(ONE)
    clock.now = 599.9
    assert slips.get(name) == ONE
    clock.now = 600
    assert slips.get(name) is None


def test_forgetting_twice_is_no_error() -> None:
    slips = Slips()
    name = slips.put(ONE)
    for _ in range(2):
        slips.forget(name)
    slips.forget(None)
    assert slips.get(name) is None


def test_the_oldest_goes_first_when_there_are_too_many() -> None:
    slips = Slips(most=3)
    names = [slips.put(Slip(str(number) * 16, "stored")) for number in range(4)]
    assert [slips.get(name) is not None for name in names] == [False, True, True, True]
