"""Run folders are made without harm to what was there."""

import pytest

from objcentric.errors import ObjcentricError
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run_folders import new_run
from objcentric.runs.run_lock import RunLock
from objcentric.runs.taken_folder import TakenFolder


@pytest.fixture
def fail_in(tiny_recipe):
    """`fail_in(folder)` starts a run there that fails before its first summary."""

    def begin(folder):
        with new_run(tiny_recipe(), folder) as run:
            run.keep_metrics(0)
            raise ObjcentricError("no such device")

    def start(folder):
        with pytest.raises(ObjcentricError, match="no such device"):
            begin(folder)

    return start


def content(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_start_that_fails_leaves_a_folder_of_dot_files_as_it_was(fail_in, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".env").write_text("secret")
    fail_in(tmp_path)
    assert content(tmp_path) == {".git", ".git/HEAD", ".env"}


def test_a_start_that_fails_leaves_an_empty_folder_empty(fail_in, tmp_path):
    fail_in(tmp_path)
    assert tmp_path.is_dir()
    assert content(tmp_path) == set()


def test_a_start_that_fails_removes_the_folders_that_it_made_and_no_others(fail_in, tmp_path):
    (tmp_path / "mine").mkdir()
    fail_in(tmp_path / "mine" / "a" / "b")
    assert content(tmp_path) == {"mine"}


def test_a_start_that_fails_without_a_folder_of_its_own_leaves_no_runs(
    fail_in, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    fail_in(None)
    assert content(tmp_path) == set()


def test_a_folder_that_holds_something_else_by_now_stays(tmp_path):
    taken = TakenFolder(tmp_path / "a" / "b")
    (tmp_path / "a" / "notes.txt").write_text("precious")
    (tmp_path / "a" / "b" / "written").write_text("by the run")
    taken.give_back("written")
    assert content(tmp_path) == {"a", "a/notes.txt"}


def test_a_folder_that_is_refused_is_left_as_it_was(tiny_recipe, tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(RunFolderError, match="is not empty"), new_run(tiny_recipe(), tmp_path):
        pass
    assert content(tmp_path) == {"thesis.tex"}


def test_a_lock_file_of_something_else_is_not_overwritten(tmp_path):
    (tmp_path / RunLock.FILE).write_text("of another tool\n")
    with pytest.raises(RunFolderError, match="objcentric did not write"), RunLock(tmp_path):
        pass
    assert (tmp_path / RunLock.FILE).read_text() == "of another tool\n"


@pytest.mark.parametrize("path", ["file", "file/below"])
def test_a_file_in_the_place_of_a_folder_is_a_message(tiny_recipe, tmp_path, path):
    (tmp_path / "file").write_text("precious")
    with (
        pytest.raises(RunFolderError, match="as a folder: "),
        new_run(tiny_recipe(), tmp_path / path),
    ):
        pass
    assert (tmp_path / "file").read_text() == "precious"
