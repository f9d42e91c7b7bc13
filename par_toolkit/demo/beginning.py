"""Begin the demo's sense-making: what is agreed, who has a stake, and what is expected, sealed."""

from __future__ import annotations

from par_toolkit.demo.making import Making
from par_toolkit.demo.meetings import DemoContract
from par_toolkit.storage.sensemaking import contracts, expectations, phases, stakes


def begin(making: Making, agreed: DemoContract) -> None:
    """Write the contract and the register, seal what the evaluator expects, begin the first cycle.

    Call before any story is read: nobody can expect what they know.
    """
    db, facilitator = making.db, making.somebody("facilitator")
    contracts.add(db, contracts.Terms(**agreed.terms), after=None, by=facilitator)
    for one in agreed.stakes:
        stakes.add(
            db,
            one.stake,
            named=one.named,
            why_empty=one.why_empty,
            group=one.group,
            by=facilitator,
        )
    for cycle, words in agreed.expectations.items():
        expectations.seal(db, cycle, words, by=making.somebody("evaluator"))
    phases.start(db, making.inquiry.cycles[0].code, by=facilitator)
