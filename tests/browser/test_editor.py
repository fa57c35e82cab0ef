"""A new job, written as fields and as text that follow each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

PROGRAM = "import dowse, os\ndowse.report(accuracy=float(os.environ['DOWSE_PARAM_LR']))\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text(PROGRAM)
    return tmp_path


def text_of(page: Page) -> str:
    lines: list[str] = page.locator(".cm-line").all_inner_texts()
    return "\n".join(line.replace("\n", "") for line in lines)


def write(page: Page, text: str) -> None:
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def field(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True).first


def test_fields_and_text_follow_each_other_until_the_job_is_made(page: Page, folder: Path) -> None:
    page.goto("/jobs/new")
    expect(page.get_by_text("✓ valid")).to_be_visible()
    field(page, "Name").fill("made-in-the-browser")
    field(page, "max of lr").fill("2e-2")
    field(page, "max of lr").blur()
    expect(page.locator(".cm-content")).to_contain_text("max: 2e-2")
    assert "name: made-in-the-browser\n# The program" in text_of(page)
    assert "# left out, each run gets the name of this file" in text_of(page)

    page.get_by_text("YAML", exact=True).click()
    write(page, text_of(page).replace("trials: 50", "trials: 12"))
    page.get_by_text("Visual", exact=True).click()
    expect(field(page, "Trials at most")).to_have_value("12")
    page.get_by_role("button", name="Add a parameter").click()
    expect(field(page, "Name of parameter_1")).to_have_value("parameter_1")
    page.get_by_role("button", name="Remove parameter_1").click()
    expect(field(page, "Name of parameter_1")).to_have_count(0)

    expect(page.get_by_role("button", name="Create")).to_be_disabled()
    page.get_by_placeholder("/srv/code/digits").fill(str(folder))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("--lr=").first).to_be_visible()
    page.get_by_role("button", name="Create").click()
    expect(page).to_have_url("/jobs/made-in-the-browser")


def test_a_slip_is_shown_where_it_is_and_the_form_waits(page: Page) -> None:
    page.goto("/jobs/new")
    expect(page.get_by_text("✓ valid")).to_be_visible()
    write(page, "name: x\nparameters: {lr: [1, 2\ngoal: maximize\n")
    expect(page.get_by_text("1 error")).to_be_visible()
    expect(field(page, "Name")).to_be_disabled()
    write(page, "command: python train.py\nmetric: a\ngoal: up\nparameters: {lr: [1, 2]}\n")
    expect(page.get_by_text("must be one of").first).to_be_visible()
    expect(field(page, "Name")).to_be_enabled()
    page.get_by_role("button", name="line 3").click()
    expect(page.locator(".code-editor")).to_be_focused()


def test_other_services_forms_have_fields_too(page: Page) -> None:
    page.goto("/jobs/new?view=visual")
    expect(page.get_by_text("✓ valid")).to_be_visible()
    for title, metric in (
        ("Google AI Platform", "accuracy"),
        ("OpenBayes", "precision"),
        ("Azure ML", "accuracy"),
    ):
        starter = page.get_by_label("Begin anew with")
        starter.select_option(label=title)
        expect(field(page, "Metric")).to_have_value(metric)
        expect(page.get_by_label("Name of").first).to_be_visible()
        expect(page.get_by_text("✓ valid")).to_be_visible()


def test_a_draft_survives_that_the_page_is_loaded_anew(page: Page) -> None:
    page.goto("/jobs/new")
    field(page, "Name").fill("half-done")
    field(page, "Name").blur()
    expect(page.locator(".cm-content")).to_contain_text("half-done")
    page.reload()
    expect(field(page, "Name")).to_have_value("half-done")


def test_ranges_drawn_on_a_chart_become_those_of_a_new_job(page: Page) -> None:
    page.goto("/jobs/babyweight?brush=learning_rate:1e-4..1e-2")
    page.get_by_role("link", name="Extend").click()
    expect(field(page, "Range of learning_rate")).to_have_value("0.0001..0.01")
    expect(field(page, "Use the range of learning_rate")).to_be_checked()
    expect(field(page, "Use the range of dropout")).not_to_be_checked()
    expect(page.get_by_text("--range learning_rate=0.0001..0.01")).to_be_visible()
    # This job still runs: what cannot be done is said before somebody tries.
    expect(page.get_by_role("button", name="Create")).to_be_disabled()
    expect(page.get_by_role("note")).to_contain_text("This job is not over yet")
    page.get_by_role("link", name="Open in the editor").click()
    expect(field(page, "max of learning_rate")).to_have_value("0.01")


def test_names_are_texts_wherever_they_are_shown(page: Page) -> None:
    page.goto("/jobs/new")
    expect(page.get_by_text("✓ valid")).to_be_visible()
    attack = "<img src=x onerror=globalThis.__pwned=1>"
    write(
        page, f"name: {attack!r}\ncommand: x\nmetric: {attack!r}\nparameters: {{{attack!r}: [1]}}\n"
    )
    expect(page.get_by_text("error").first).to_be_visible()
    expect(field(page, "Metric")).to_have_value(attack)
