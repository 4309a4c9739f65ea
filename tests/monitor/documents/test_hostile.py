"""Every file of the hostile collection ends within tight limits, and is said to be what it is."""

from collections.abc import Iterator

import pytest

from monitor.documents.document import Document
from monitor.documents.worker import Reader, ReaderLimits, ReadJob
from tests.documents.hostile import HOSTILE

LIMITS = ReaderLimits(workers=1, seconds=25, cpu_seconds=15, memory_mib=1200, output_mib=16, archive_seconds=30)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(LIMITS) as reader:
        yield reader


def doubts_of(document: Document) -> str:
    own = "; ".join(f"{doubt.about}: {doubt.why}" for doubt in document.doubts)
    return "; ".join([own, *(doubts_of(member) for member in document.members)])


def test_the_collection_is_large() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_with_a_clear_reason(reader: Reader, name: str) -> None:
    hostile = HOSTILE[name]
    document = reader.read(ReadJob(hostile.make(), name))
    if hostile.reason is None:
        assert document.readable, document.reason
        assert (hostile.doubt or "") in doubts_of(document)
        return
    assert document.readable is False or not hostile.reason
    assert hostile.reason in (document.reason or "")
    assert document.readable or (document.reason and document.doubts and document.confidence == 0.0)


def test_names_in_an_archive_are_labels_only(reader: Reader) -> None:
    document = reader.read(ReadJob(HOSTILE["ZIP with evil paths"].make(), "evil.zip"))
    assert document.members[0].name == "../../etc/cron.d/x"


def test_a_member_that_kills_its_reader_does_not_spoil_the_others(reader: Reader) -> None:
    with Reader(LIMITS.model_copy(update={"memory_mib": 400})) as tight:
        document = tight.read(ReadJob(HOSTILE["ZIP with a deadly member"].make(), "two.zip"))
    assert [member.readable for member in document.members] == [True, False]
    assert "1 " not in (document.reason or "")
