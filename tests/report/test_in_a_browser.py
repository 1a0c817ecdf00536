"""The report in a headless Chromium: clicked through, without an error or a request."""

from dataclasses import replace

import pytest

from objcentric.report.groups import grouped
from objcentric.report.run_report import report_run
from objcentric.report.runs_report import report_runs
from objcentric.report.trained import Trained

CONTRASTS = """
() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const parse = (color) => {
    const [r, g, b, a = 1] = channels(color);
    const scale = color.startsWith("color(") ? 255 : 1;
    return [r * scale, g * scale, b * scale, a];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), ground(element.parentElement));
  };
  const light = (color) => {
    const [r, g, b] = color.map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  let seen = 0;
  for (const element of document.querySelectorAll("body *:not(script, svg, svg *)")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    seen += 1;
    const [one, two] = [over(parse(getComputedStyle(element).color), ground(element)),
      ground(element)].map(light).sort((a, b) => b - a);
    const contrast = (one + 0.05) / (two + 0.05);
    if (contrast < 4.5) poor.push(`${element.tagName} ${element.className} ${contrast.toFixed(2)}`);
  }
  return { poor, seen };
}
"""
"""The texts whose contrast with what is behind them is below 4.5 : 1 (WCAG 2.2, level AA)."""


@pytest.fixture
def visit(browser):
    """`visit(path, …)` opens a page; at the end it must have logged and fetched nothing."""
    opened, said, fetched = [], [], []

    def open_page(path, **options):
        page = browser.new_context(**options).new_page()
        opened.append(page)
        page.set_default_timeout(60_000)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.goto(path.as_uri())
        page.on("request", lambda request: fetched.append(request.url))
        return page

    yield open_page
    for page in opened:
        page.context.close()
    assert said == []
    assert [url for url in fetched if not url.startswith("data:")] == []


@pytest.fixture
def page_file(pretend_run, material, tiny_recipe, monkeypatch):
    """The report of a run whose model finds two objects everywhere."""
    from objcentric.presence import OrderedPresence

    monkeypatch.setattr(
        OrderedPresence, "mode", property(lambda self: 1 + 0 * self.logits.detach())
    )
    recipe = replace(tiny_recipe(), description="What a browser shows.")
    return report_run(Trained.of(pretend_run(recipe), material(recipe)))


def test_a_window_shows_its_step_presence_and_patch(visit, page_file):
    page = visit(page_file, viewport={"width": 1280, "height": 900})
    tip = page.locator("#tip")
    assert not tip.is_visible()
    page.locator("#scenes .window").nth(1).hover()
    assert tip.is_visible()
    text = tip.inner_text()
    assert "step 2 of 2" in text
    assert "presence " in text
    assert [c.inner_text() for c in tip.locator("figcaption").all()] == ["seen", "drawn", "mask"]
    page.locator("h1").hover()
    assert not tip.is_visible()
    page.locator("#scenes .window").first.focus()
    assert "step 1 of 2" in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_every_link_and_fold_of_a_page_works(visit, page_file):
    page = visit(page_file, viewport={"width": 1280, "height": 900})
    for link in page.locator("nav a").all():
        link.click()
        assert page.url.endswith(link.get_attribute("href"))
    for fold in page.locator("summary").all():
        fold.click()
    assert page.locator("details:not([open])").count() == 0
    with page.expect_download() as download:
        page.get_by_text("Save as recipe.yaml").click()
    assert download.value.suggested_filename == "recipe.yaml"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_on_a_phone_in_light_and_in_dark(visit, page_file, scheme):
    page = visit(page_file, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    for fold in page.locator("summary").all():
        fold.click()
    for expected in (scheme, {"light": "dark", "dark": "light"}[scheme]):
        found = page.evaluate(CONTRASTS)
        assert found["seen"] > 50
        assert found["poor"] == [], expected
        page.locator("#theme").click()  # to the other scheme
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    broken = "[...document.images].filter((i) => !i.naturalWidth || i.getAttribute('alt') === null)"
    assert page.evaluate(f"{broken}.length") == 0


def test_a_table_of_runs_is_sorted_by_the_header_that_is_pressed(
    visit, pretend_run, tiny_recipe, tmp_path
):
    figures = {3: 0.5, 1: 1.0, 2: None}
    runs = [
        pretend_run(tiny_recipe(f"seed={s}"), name=str(s), test={"count_accuracy": figure})
        for s, figure in figures.items()
    ]
    page = visit(report_runs(grouped(runs), tmp_path / "page.html", title="three"))

    def seeds():
        return page.locator("#runs tbody td:nth-child(2)").all_inner_texts()

    header = page.get_by_role("button", name="count accuracy")
    header.click()
    assert seeds() == ["3", "1", "2"]
    header.click()
    assert seeds() == ["1", "3", "2"]  # what is missing stays last
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.get_by_role("button", name="seed").click()
    assert seeds() == ["1", "2", "3"]
    assert page.evaluate(CONTRASTS)["poor"] == []
