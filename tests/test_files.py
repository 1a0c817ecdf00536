"""Files that are whole or not there."""

import json

import pytest

from objcentric.files import append_line, whole_folder, write_json, write_text


def test_what_json_cannot_say_becomes_null(tmp_path):
    path = tmp_path / "figures.json"
    write_json(path, {"a": float("nan"), "b": [1.5, float("inf")], "c": {"d": float("-inf")}})
    assert json.loads(path.read_text(), parse_constant=pytest.fail) == {
        "a": None,
        "b": [1.5, None],
        "c": {"d": None},
    }


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "note.txt"
    write_text(path, "one")
    write_text(path, "two")
    assert path.read_text() == "two"
    assert list(tmp_path.iterdir()) == [path]


def test_lines_are_added_at_the_end(tmp_path):
    path = tmp_path / "lines.jsonl"
    append_line(path, {"epoch": 1})
    append_line(path, {"epoch": 2, "loss": float("nan")})
    assert path.read_text() == '{"epoch": 1}\n{"epoch": 2, "loss": null}\n'


def test_a_folder_that_cannot_be_filled_does_not_appear(tmp_path):
    def fill():
        with whole_folder(tmp_path / "checkpoint") as folder:
            (folder / "half").write_text("half")
            raise ValueError("the other half is missing")

    with pytest.raises(ValueError, match="other half"):
        fill()
    assert not (tmp_path / "checkpoint").exists()
