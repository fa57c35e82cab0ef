"""Every page in both themes: axe finds nothing, and nothing sticks out of a telephone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import jobs
from tests.browser.conftest import TIMEOUT_MS, Console, listen, log_in

JOB = "/jobs/babyweight"
ASK = "(rules) => axe.run({ runOnly: rules, resultTypes: ['violations'] })"
PAGES = (
    "/login",
    "/jobs",
    "/jobs/new",
    "/jobs/new?view=yaml",
    JOB,
    f"{JOB}?f=learning_rate+%3C+1e-2&brush=dropout:0.1..0.3",
    f"{JOB}/events",
    f"{JOB}/config",
    f"{JOB}/extend",
    f"{JOB}/extend?brush=learning_rate:1e-4..1e-2",
    f"{JOB}/trials?facets=1",
    f"{JOB}/trials/3",
    "/compare",
    "/compare?t=babyweight:3,babyweight:4,one-category:1",
    "/jobs/without-trials",
    "/jobs/without-metric",
    "/jobs/one-category",
    "/jobs/sixty-parameters",
    "/jobs/no-such-job",
    "/workers",
    "/settings",
    "/jobs/babyweight/no/such/page",
)
WHOLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Themes differ in their colours and in nothing else.
RULES = {"light": WHOLE, "dark": ["color-contrast", "link-in-text-block"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_keeps_anybody_out(
    browser: Browser, console: Console, axe: str, theme: Any
) -> None:
    context = browser.new_context(
        base_url=console.url, color_scheme=theme, locale="en-US", reduced_motion="reduce"
    )
    context.set_default_timeout(TIMEOUT_MS)
    log_in(context, console)
    page = context.new_page()
    complaints = listen(page)
    found = []
    for path in PAGES:
        page.goto(path)
        expect(page.locator(".skeleton")).to_have_count(0)
        # The policy forbids scripts that the page did not bring; the debugger's own way is open.
        page.evaluate(f"() => {{ {axe} }}")
        for one in page.evaluate(ASK, RULES[theme])["violations"]:
            found += [f"{path}: {one['id']}: {node['html'][:160]}" for node in one["nodes"][:3]]
    context.close()
    assert found == []
    assert complaints == []


def test_on_a_telephone_nothing_has_to_be_moved_sideways(
    browser: Browser, console: Console
) -> None:
    context = browser.new_context(base_url=console.url, viewport={"width": 360, "height": 720})
    log_in(context, console)
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        expect(page.locator(".skeleton")).to_have_count(0)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{path} is {width} px wide"
    context.close()


def test_a_name_that_looks_like_a_program_stays_a_text(page: Any) -> None:
    page.goto("/jobs/one-category")
    expect(page.get_by_role("heading", name="Best trial")).to_be_visible()
    expect(page.get_by_text(jobs.HOSTILE).first).to_be_visible()
    page.goto("/jobs/one-category/events")
    expect(page.get_by_text(jobs.HOSTILE).first).to_be_visible()
