"""Checks are explained."""

from pathlib import Path

from objcentric.testing.catalogue import own_checks

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_every_check_has_a_section_of_its_name_and_every_section_a_check() -> None:
    sections = [line[4:] for line in PAGE.read_text().splitlines() if line.startswith("### ")]
    assert sections == [check.name for check in own_checks()]


def test_every_check_says_in_a_sentence_what_it_demands() -> None:
    assert all((check.function.__doc__ or "").endswith(".") for check in own_checks())
