"""Whatever stands in a recipe or an override: a recipe, or a readable mistake."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from objcentric.errors import ObjcentricError
from objcentric.recipe import load
from objcentric.recipe.node import Node
from objcentric.recipe.problem import Mark, RecipeError
from objcentric.recipe.reading import LARGEST, read_text
from objcentric.registry import Registry
from objcentric.registry.registry import core_recipes

LONGEST_LINE = 2000
"""Characters of a message about one mistake; most are far shorter."""

many = settings(max_examples=1500, suppress_health_check=list(HealthCheck))
some = settings(max_examples=80, suppress_health_check=list(HealthCheck))

SHIPPED = sorted(core_recipes().glob("*.yaml"))
ODD = [
    *("!!int abc", "!!float x", "!!bool maybe", "!!python/object:os.system 1", "&a [*a]", "*a"),
    *("9" * 5000, "0x" + "f" * 5000, "-" * 50, "1_0", "0o9", ".inf", "-.inf", ".nan", "1e999"),
    *("[" * 500, "{a: " * 500, "[" * 500 + "]" * 500, "- " * 600 + "a", "? " * 400, "{", "]", "'"),
    *(
        '"\\ud800"',
        '"\\0"',
        '"\\x1b[31m"',
        "\t",
        "\r",
        "\u2028",
        "\ufeff",
        "%YAML 1.1",
        "---",
        "...",
    ),
    *(
        "<<: {a: 1}",
        "a: b: c",
        "!!binary aGk=",
        "!!set {a}",
        "!!timestamp 2001-01-01",
        "2001-99-99",
    ),
    *("~", "null", "[]", "{}", "''", "=", "x" * 100_000, "@", "`", "|", ">", "!<tag:x> 1", "!!"),
    *("use: use", "{use: {use: a}}", "{use: [a]}", "lr_of: 3", "{model: {lr: 1}}", "1" * 400),
]


@cache
def registry() -> Registry:
    return Registry.discover()


def readable(error: ObjcentricError) -> None:
    """Lines that a terminal can show, none of them endless."""
    text = str(error)
    assert text.strip()
    text.encode("utf-8")
    lines = text.split("\n")
    assert len(lines) <= 30
    for line in lines:
        assert len(line) <= LONGEST_LINE, line[:300]
        assert line.isprintable(), line[:300]


def judged(act) -> None:
    try:
        act()
    except ObjcentricError as error:
        readable(error)


@many
@given(st.one_of(st.text(max_size=200), st.sampled_from(ODD), st.binary(max_size=80).map(repr)))
def test_any_text_is_read_or_refused(text):
    problems = []
    try:
        node = read_text(text, Mark("any.yaml", 1, 1), problems)
    except RecipeError as error:
        readable(error)
    else:
        assert isinstance(node, Node)
        if problems:
            readable(RecipeError(problems))


@st.composite
def spoilt_recipe(draw):
    """The text of a shipped recipe in which some lines or words are others."""
    lines = draw(st.sampled_from(SHIPPED)).read_text(encoding="utf-8").splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        odd = draw(st.one_of(st.sampled_from(ODD), st.text(max_size=30)))
        key, colon, _ = line.partition(":")
        match draw(st.integers(0, 5)):
            case 0:
                lines[place] = f"{key}{colon} {odd}"
            case 1:
                lines.insert(place, f"{key}: {odd}")
            case 2:
                del lines[place]
                lines = lines or [odd]
            case 3:
                lines[place] = "  " + line
            case 4:
                cut = draw(st.integers(0, len(line)))
                lines[place] = line[:cut] + odd + line[cut:]
            case 5:
                lines[place] = draw(st.sampled_from(lines))
    return "\n".join(lines)


@some
@given(spoilt_recipe())
def test_any_change_of_a_shipped_recipe_is_a_recipe_or_a_readable_mistake(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "spoilt.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    judged(lambda: load(file, (), registry()))


KEYS = [
    *("seed", "name", "scenes", "scenes.train", "model", "model.objects", "model.encoder"),
    *("model.encoder.use", "model.estimator.baseline", "training", "training.lr", "training.lr_of"),
    *("training.device", "evaluation", "evaluation.goal", "evaluation.metrics", "tracking.wandb"),
    *("model.prior.presence", "extends", "description", "training.epochs", "a.b.c", "", ".", "a."),
    ".".join(["a"] * 3000),
]


@some
@given(
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from(KEYS), st.text(max_size=20)),
            st.sampled_from(["=", "", "=="]),
            st.one_of(st.sampled_from(ODD), st.text(max_size=40), st.integers().map(str)),
        ).map("".join),
        max_size=3,
    )
)
def test_any_override_is_a_recipe_or_a_readable_mistake(overrides):
    judged(lambda: load("quickstart", overrides, registry()))


def test_a_chain_of_recipes_is_followed_only_so_far(tmp_path):
    for number in range(1500):
        parent = f"extends: r{number + 1}.yaml\n"
        (tmp_path / f"r{number}.yaml").write_text(parent)
    (tmp_path / "r1500.yaml").write_text("name: end\n")
    with pytest.raises(RecipeError, match="recipes extend each other"):
        load(tmp_path / "r0.yaml", (), registry())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!!int abc", "no number that can be read: abc"),
        ("9" * 5000, "no number that can be read: 9999"),
        ("99999999999999999999", r"whole numbers go up to 2\^64"),
        ("[" * 500 + "]" * 500, "nested more than 50 levels deep"),
    ],
)
def test_what_no_recipe_needs_is_one_mistake_with_its_place(tmp_path, text, said):
    file = tmp_path / "odd.yaml"
    file.write_text(f"name: odd\nseed: {text}\n")
    with pytest.raises(RecipeError, match=said) as error:
        load(file, (), registry())
    first = str(error.value).splitlines()[0]
    assert first.startswith(f"{file}:2:")
    assert len(first) - len(str(file)) < 200


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/proc/self/mem", "/", "/dev/stdin"])
def test_a_path_that_is_no_file_does_not_hang(path, tmp_path):
    link = tmp_path / "recipe.yaml"
    link.symlink_to(path)
    code = (
        "import sys\nfrom pathlib import Path\nfrom objcentric.recipe.reading import read_file\n"
        "from objcentric.errors import ObjcentricError\n"
        "try: read_file(Path(sys.argv[1]), [])\nexcept ObjcentricError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(link)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "cannot be read" in done.stdout


def test_a_recipe_may_come_out_of_a_pipe(tmp_path):
    import os
    import threading

    from objcentric.recipe.reading import read_file

    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("name: poured\n"))
    writer.start()
    while writer.is_alive():  # until the writer has opened it, a pipe is empty
        node = read_file(pipe, [])
        if node.is_mapping:
            break
    writer.join()
    assert node.at("name").value == "poured"


def test_a_recipe_of_megabytes_is_none(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_bytes(b"# " + b"x" * LARGEST)
    with pytest.raises(RecipeError, match="more than 1,048,576 bytes"):
        load(file, (), registry())


@pytest.mark.slow
def test_atheris_finds_no_text_that_breaks_the_reader(tmp_path):
    pytest.importorskip("atheris")
    script = Path(__file__).with_name("atheris_reader.py")
    done = subprocess.run(
        [sys.executable, "-P", str(script), "-max_total_time=120", "-timeout=20", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
