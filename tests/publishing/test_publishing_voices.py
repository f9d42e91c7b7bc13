"""What was spoken is published as words only: no teller is ever asked for more than their words."""

from __future__ import annotations

import re
from pathlib import Path

from par_toolkit import inquiry
from par_toolkit.inquiry import USES
from par_toolkit.publishing import publish
from par_toolkit.storage import typed, voices
from tests.publishing.inquiries import Place
from tests.voices import spoken

SOUND = b"quinceblossom"
#: A voice, a sound or a recording, in the two languages in which people are asked.
OF_SOUND = re.compile(r"voice|voix|record|enregistre|audio|sound|\bson\b(?! nom)|spoken|vocal")


def test_promise_07_a_voice_is_in_no_build_whatever_its_teller_agreed_to(tmp_path: Path) -> None:
    """Its words are, as two people released them; the sound and all that is kept of it stay."""
    place = Place(tmp_path / "inquiry")
    story = place.tell(
        "", consent=USES, voice=(spoken(SOUND), spoken(b"more " + SOUND)), release=False
    )
    typed.type_up(place.db, story, question="telling", words="The bus never came.", by=place.two)
    place.release(story)
    assert len(place.bytes_with(SOUND.decode())) == 2, "the control: it is in media/"
    publish(place.folder)
    assert place.rows("select text from quotes") == [{"text": "The bus never came."}]
    assert place.rows("select telling from stories") == [{"telling": "The bus never came."}]
    built = b"".join(path.read_bytes() for path in (place.folder / "findings").iterdir())
    for voice in voices.of_story(place.db, story):
        digest = place.db.value("select digest from voices where id = :id", {"id": voice.id})
        for kept in (SOUND, voice.file.encode(), voice.type.encode(), digest.encode()):
            assert kept not in built
    tables = [row["name"] for row in place.rows("select name from sqlite_master where sql <> ''")]
    columns = [
        row["type"].lower()
        for table in tables
        if "_fts" not in table
        for row in place.rows(f"select type from pragma_table_info('{table}')")
    ]
    assert columns and set(columns) == {"text", "integer", "real"}, "no column could hold a sound"


def test_nobody_is_asked_whether_their_voice_may_be_published(tmp_path: Path) -> None:
    """So nobody has said yes. A use of that kind would need words of its own, and its own test."""
    assert USES == ("analyse", "quote", "publish", "contact")
    wording = inquiry.load(Place(tmp_path / "inquiry").folder).consent
    for words in (wording.intro, *wording.uses.values()):
        assert {"en", "fr"} <= words.keys()
        for text in words.values():
            assert not OF_SOUND.search(text), text
