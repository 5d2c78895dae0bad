"""The link key lies in two files, either is enough, and nothing reads a choice without it."""

import json
import stat
from pathlib import Path

import pytest

from surveys.ballots.link_key import KeyLost, LinkKey, LinkKeys, Unreadable

SIZE = 64


@pytest.fixture
def keys(tmp_path: Path) -> LinkKeys:
    return LinkKeys((tmp_path / "a", tmp_path / "b"))


def files(keys: LinkKeys) -> list[Path]:
    return [file for folder in keys.folders for file in folder.iterdir()]


def test_a_key_is_written_twice_for_its_owner_only(keys: LinkKeys) -> None:
    made = keys.make("ballot")
    assert keys.read("ballot") == made
    assert [file.parent.name for file in files(keys)] == ["a", "b"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files(keys)} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in keys.folders} == {0o700}


@pytest.mark.parametrize("lost", [0, 1])
def test_one_file_is_enough(keys: LinkKeys, lost: int) -> None:
    made = keys.make("ballot")
    files(keys)[lost].unlink()
    assert keys.read("ballot") == made


@pytest.mark.parametrize("damage", ["", "{}", "[]", "not json", "\x00" * 200])
def test_a_damaged_file_counts_as_lost(keys: LinkKeys, damage: str) -> None:
    made = keys.make("ballot")
    files(keys)[0].write_text(damage)
    assert keys.read("ballot") == made
    files(keys)[1].write_text(damage)
    with pytest.raises(KeyLost):
        keys.read("ballot")


def test_a_file_with_one_changed_digit_is_not_used(keys: LinkKeys) -> None:
    made = keys.make("ballot")
    held = json.loads(files(keys)[0].read_text())
    held["link_key"] = ("0" if held["link_key"][0] != "0" else "1") + held["link_key"][1:]
    files(keys)[0].write_text(json.dumps(held))
    assert keys.read("ballot") == made


def test_the_key_of_another_ballot_is_not_used(keys: LinkKeys) -> None:
    keys.make("one")
    for folder in keys.folders:
        (folder / "two.json").write_bytes((folder / "one.json").read_bytes())
    with pytest.raises(KeyLost):
        keys.read("two")


def test_forgetting_leaves_nothing_and_can_be_done_again(keys: LinkKeys) -> None:
    keys.make("ballot")
    assert keys.held() == {"ballot"}
    keys.forget("ballot")
    keys.forget("ballot")
    assert files(keys) == []
    assert keys.held() == set()
    with pytest.raises(KeyLost):
        keys.read("ballot")


def a_key() -> LinkKey:
    return LinkKey("ballot", bytes(range(32)), bytes(32))


def test_a_choice_is_read_back_as_it_was_marked() -> None:
    key, name = a_key(), a_key().pseudonym("part", 1)
    assert key.decrypt(key.encrypt({"b": 2, "a": -1}, name, SIZE), name) == {"a": -1, "b": 2}


def test_every_choice_has_the_same_length() -> None:
    key = a_key()
    choices: list[dict[str, int]] = [{}, {"a": 1}, {"a": 1, "b": 2, "c": -1}]
    lengths = {len(key.encrypt(choice, "name", SIZE)) for choice in choices}
    assert len(lengths) == 1


def test_a_choice_that_does_not_fit_is_never_cut() -> None:
    with pytest.raises(ValueError, match="padding"):
        a_key().encrypt({"a" * SIZE: 1}, "name", SIZE)


def test_the_same_choice_never_looks_the_same() -> None:
    key = a_key()
    assert key.encrypt({"a": 1}, "name", SIZE) != key.encrypt({"a": 1}, "name", SIZE)


def test_a_choice_moved_to_another_entry_cannot_be_read() -> None:
    key = a_key()
    sealed = key.encrypt({"a": 1}, key.pseudonym("part", 1), SIZE)
    with pytest.raises(Unreadable):
        key.decrypt(sealed, key.pseudonym("part", 2))


def test_another_key_reads_nothing() -> None:
    other = LinkKey("ballot", bytes(32), bytes(32))
    with pytest.raises(Unreadable):
        other.decrypt(a_key().encrypt({"a": 1}, "name", SIZE), "name")


def test_a_key_printed_by_mistake_shows_neither_key_nor_seed() -> None:
    key = LinkKey("ballot", b"K" * 32, b"S" * 32)
    assert "K" not in repr(key).replace("LinkKey", "")
    assert "SSS" not in repr(key)


def test_pseudonyms_differ_by_household_and_by_entry() -> None:
    key = a_key()
    names = {key.pseudonym(part, n) for part in ("a", "b") for n in (1, 2)}
    assert len(names) == 4
