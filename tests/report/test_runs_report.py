"""The report of several runs, of a comparison, and the command that makes them."""

import shutil

import pytest
from rich.console import Console
from typer.testing import CliRunner

from objcentric.comparison.comparison_report import report_comparison
from objcentric.report.groups import Group, Member, grouped
from objcentric.report.groups_charts import thousands
from objcentric.report.runs_report import report_runs
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run


@pytest.fixture
def runs(pretend_run, tiny_recipe):
    """Two runs that differ by their seeds alone, and one of another learning rate."""
    figures = [("seed=1", 0.5), ("seed=2", 0.75), ("training.lr=0.5", 1.0)]
    return [
        pretend_run(tiny_recipe(change), name=str(place), test={"count_accuracy": figure})
        for place, (change, figure) in enumerate(figures)
    ]


@pytest.fixture
def call(tiny_plugin, tmp_path, monkeypatch, one_thread):
    """`call("report", …)` runs a command in `tmp_path`, with the tiny plugin."""
    from objcentric.cli.main import build_app

    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(
        build_app(), [*(str(word) for word in words), "--plugin", str(tiny_plugin)]
    )


# The page


def test_runs_that_differ_by_their_seed_alone_are_a_group(runs):
    first, second = grouped(runs)
    assert [member.run for member in first.members] == runs[:2]
    assert (first.name, second.name) == ("tiny", "tiny (training.lr=0.5)")
    assert first.median("count_accuracy") == 0.625


def test_every_seed_is_drawn_and_the_best_group_is_named_first(runs, tmp_path, read):
    page = read(report_runs(grouped(runs), tmp_path / "page.html", title="lr"))
    assert page.sections == ["seeds", "curves", "runs", "settings", "scenes", "repeat"]
    best = "Median count accuracy on test scenes: tiny (training.lr=0.5) 100.00%; then tiny 62.50%."
    assert best in page.text
    dots = [b["title"] for b in page.all("b") if b.get("title")]
    assert dots == ["seed 1: 50.00%", "seed 2: 75.00%", "seed 1: 100.00%"]
    thin = [path for path in page.all("path") if path.get("class") == "thin"]
    assert len(thin) == 2 * 2  # both seeds of the first group, in two charts
    assert "training.lr" in page.text


def test_a_link_leads_to_every_run_that_has_a_report(runs, tmp_path, read):
    (runs[1].path / "report.html").write_text("a page")
    page = read(report_runs(grouped(runs), tmp_path / "page.html", title="lr"))
    links = [a["href"] for a in page.all("a") if not a["href"].startswith("#")]
    assert links == ["1/report.html"]


def test_equal_figures_do_not_cover_each_other(pretend_run, tiny_recipe, tmp_path, read):
    same = [
        pretend_run(tiny_recipe(f"seed={seed}"), name=str(seed), test={"count_accuracy": 0.5})
        for seed in range(3)
    ]
    page = read(report_runs(grouped(same), tmp_path / "page.html", title="same"))
    styles = [b["style"] for b in page.all("b") if b.get("title")]
    assert styles == [f"left:50.0%;--lane:{lane}" for lane in range(3)]


def test_runs_without_figures_have_a_table_and_no_drawings(tmp_path, tiny_recipe, read):
    groups = [Group("<b>new</b>", (Member(Run(tmp_path / "none", tiny_recipe()), "killed"),))]
    page = read(report_runs(groups, tmp_path / "page.html", title="<i>t</i>", notes=["<u>n</u>"]))
    assert page.sections == ["runs", "repeat"]
    for written in ("<b>new</b>", "<i>t</i>", "<u>n</u>", "failed"):
        assert written in page.text


@pytest.mark.parametrize(
    ("images", "said"), [(640, "640"), (20_000, "20k"), (1_500, "1.5k"), (2.5e6, "2.5M")]
)
def test_numbers_of_images_are_short(images, said):
    assert thousands(images) == said


# The command


def test_the_report_of_a_run_is_in_its_folder_and_names_what_is_missing(call, runs):
    result = call("report", runs[0].path)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{runs[0].path / 'report.html'}\n"
    assert "has no checkpoint yet" in result.stderr


def test_the_report_of_several_runs_is_where_the_command_is_given(call, runs, tmp_path):
    result = call("report", *(run.path for run in runs))
    assert (result.exit_code, result.stdout) == (0, "report.html\n"), result.output
    assert call("report", *(run.path for run in runs)).exit_code == 0  # it replaces its own
    assert (tmp_path / "report.html").is_file()


@pytest.mark.parametrize(
    ("out", "said"), [("thesis.html", "is no report"), ("no/page.html", "there is no folder no")]
)
def test_a_file_that_is_no_report_is_kept(call, runs, tmp_path, out, said):
    (tmp_path / "thesis.html").write_text("precious")
    result = call("report", runs[0].path, runs[1].path, "--out", out)
    assert result.exit_code == 2
    assert said in result.stderr
    assert (tmp_path / "thesis.html").read_text() == "precious"


def test_one_run_takes_no_file(call, runs):
    assert call("report", runs[0].path, "--out", "page.html").exit_code == 2


def test_a_folder_without_a_run_is_refused(call, tmp_path):
    result = call("report", tmp_path)
    assert result.exit_code == 2
    assert "is no run folder" in result.stderr


# The end of a training, and of a comparison


def test_a_training_ends_with_a_report_of_its_live_model(call, tiny_recipe_file, tmp_path, read):
    result = call("train", tiny_recipe_file, "training.epochs=1", "--out", "run")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "Report: run/report.html"
    trained = read(tmp_path / "run" / "report.html")
    assert {"scenes", "mistakes", "samples"} <= set(trained.sections)
    first = (tmp_path / "run" / "report.html").read_bytes()
    assert call("report", "run").exit_code == 0
    assert (tmp_path / "run" / "report.html").read_bytes() == first


@pytest.mark.parametrize("error", [ValueError("no\nluck"), SystemExit(3)])
def test_a_report_that_cannot_be_drawn_is_one_warning(train_tiny, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr("objcentric.training.train.report_run", fail)
    done = train_tiny("run", "training.epochs=1")
    assert done.summary["status"] == "finished"
    warnings = [line for line in done.printed.splitlines() if "warning" in line]
    assert len(warnings) == 1
    assert "the report could not be drawn" in warnings[0]


def test_a_comparison_gets_a_report_with_refused_and_failed_arms(
    tiny_recipe_file, tiny_plugin, tmp_path, one_thread, read
):
    from objcentric.comparison.compare import compare
    from objcentric.comparison.machine import Machine
    from objcentric.comparison.planning import make_plan
    from objcentric.registry import Registry

    registry = Registry.discover([tiny_plugin])
    swaps = ["likelihood={use: gauss, explode_after: 2}"]
    plan = make_plan(
        str(tiny_recipe_file), ["training.epochs=1"], swaps, seeds=1, combine=False,
        registry=registry,
    )  # fmt: skip
    machine = Machine.found(plan.reference.training, 1, 2)
    folder = tmp_path / "comparison"
    compare(plan, folder, machine, Console(quiet=True), [tiny_plugin])
    page = read(folder / "report.html")
    assert page.sections == ["seeds", "curves", "runs", "settings", "scenes", "repeat"]
    assert "seed 0 failed: " in page.text
    assert plan.command in page.text
    links = [a["href"] for a in page.all("a") if not a["href"].startswith("#")]
    assert links == ["reference/seed-0/report.html"]
    written = (folder / "report.html").read_bytes()
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert report_comparison(tmp_path / "elsewhere", registry).read_bytes() == written


def test_a_comparison_without_results_is_refused(tmp_path, tiny_registry):
    plan = '{"recipe": "x", "arms": {}}'
    (tmp_path / "comparison.json").write_text(f'{{"command": "x", "plan": {plan}}}')
    with pytest.raises(RunFolderError, match="holds no results of a comparison yet"):
        report_comparison(tmp_path, tiny_registry)
