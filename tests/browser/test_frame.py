"""What surrounds all pages: finding things, keys, themes, languages, and the line to the server."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page, expect

from dowse.domain.events import Noted
from tests.browser.conftest import Console, log_in


def test_the_palette_finds_a_job_by_a_part_of_its_name(page: Page) -> None:
    page.goto("/workers")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("trials with")
    expect(page.get_by_role("option")).to_have_count(1)
    page.get_by_role("combobox").fill("babyw")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="babyweight")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_jobs_are_walked_opened_and_found_by_keys_and_words(page: Page) -> None:
    page.goto("/jobs")
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="babyweight")).to_be_visible()
    second = rows.nth(1).locator(".job-name").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    page.go_back()
    page.get_by_label("Search by name").fill("WITHOUT")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="No metric 1").click()
    expect(rows).to_have_count(1)
    assert "name=WITHOUT" in page.url
    assert "status=no_metric" in page.url
    page.get_by_label("Search by name").fill("nothing is called so")
    page.get_by_role("button", name="Show all jobs").click()
    expect(rows.filter(has_text="babyweight")).to_be_visible()


def test_the_question_mark_tells_the_keys(page: Page) -> None:
    page.goto("/jobs")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_contain_text("Next job")
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)


def test_a_theme_and_a_language_are_kept(page: Page) -> None:
    page.goto("/settings")
    page.get_by_text("Dark", exact=True).click()
    page.get_by_text("한국어").click()
    page.reload()
    expect(page.get_by_role("heading", name="설정")).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("html").get_attribute("lang") == "ko"


def test_the_browsers_language_is_spoken(browser: Browser, console: Console) -> None:
    context = browser.new_context(base_url=console.url, locale="zh-CN")
    log_in(context, console)
    page = context.new_page()
    page.goto("/jobs")
    expect(page.get_by_role("heading", name="任务")).to_be_visible()
    context.close()


def test_two_tabs_share_one_stream_and_hear_the_same(
    context: BrowserContext, console: Console
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto("/jobs/without-trials/events")
        expect(tab.get_by_role("status")).to_have_text("live")
    second.wait_for_timeout(800)
    store = console.owner.store
    store.append_event(store.job("without-trials").id, Noted(message="somebody was here"))
    for tab in (first, second):
        expect(tab.get_by_text("somebody was here")).to_be_visible()
    # Each change of what is followed opens it anew, and never a second one beside it.
    assert len([url for url in asked if "/api/v1/changes" in url]) <= 4
    assert len({id(tab) for tab in context.pages}) == 2
