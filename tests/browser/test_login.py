"""Coming in: with the token, with a one-time address, and not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, Console


@pytest.fixture
def stranger(browser: Browser, console: Console) -> Iterator[Page]:
    context = browser.new_context(base_url=console.url, locale="en-US")
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


def test_a_stranger_is_led_to_the_login_and_on_to_where_he_was_going(
    stranger: Page, console: Console
) -> None:
    stranger.goto("/jobs/babyweight?f=layers+%3D+3")
    field = stranger.get_by_label("Token")
    field.fill("wrong")
    stranger.get_by_role("button", name="Log in").click()
    expect(stranger.get_by_role("alert")).to_contain_text("neither the owner's token")
    field.fill(f"  {console.token} ")
    stranger.get_by_role("button", name="Log in").click()
    expect(stranger.get_by_role("heading", name="babyweight")).to_be_visible()
    assert stranger.url == f"{console.url}/jobs/babyweight?f=layers+%3D+3"


def test_a_one_time_address_opens_once_and_leaves_no_trace(
    stranger: Page, console: Console
) -> None:
    address = console.owner.invitation()
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="Jobs")).to_be_visible()
    assert "once" not in stranger.evaluate("location.href + JSON.stringify(history.state)")
    stranger.context.clear_cookies()
    stranger.goto(address)
    expect(stranger.get_by_role("alert")).to_contain_text("was used before, or has expired")


def test_logging_out_ends_what_the_browser_may(stranger: Page, console: Console) -> None:
    stranger.goto(console.owner.invitation())
    expect(stranger.get_by_role("heading", name="Jobs")).to_be_visible()
    stranger.goto("/settings")
    stranger.get_by_role("button", name="Log out").click()
    expect(stranger.get_by_label("Token")).to_be_visible()
    stranger.goto("/jobs")
    expect(stranger.get_by_label("Token")).to_be_visible()


def test_a_session_that_ends_leads_to_the_login_and_back_to_the_same_place(
    stranger: Page, console: Console
) -> None:
    stranger.goto(console.owner.invitation())
    expect(stranger.get_by_role("heading", name="Jobs")).to_be_visible()
    stranger.goto("/jobs/babyweight?f=layers+%3D+3")
    expect(stranger.get_by_role("heading", name="babyweight")).to_be_visible()
    stranger.get_by_text("live", exact=True).wait_for()
    expect(stranger.locator(".skeleton")).to_have_count(0)
    stranger.context.clear_cookies()
    # A link may be gone before it is clicked: the page notices by itself, too.
    stranger.goto("/jobs/babyweight/events?f=layers+%3D+3")
    stranger.get_by_label("Token").fill(console.token)
    stranger.get_by_role("button", name="Log in").click()
    expect(stranger.get_by_role("link", name="Events")).to_have_attribute("aria-current", "page")
    assert stranger.url == f"{console.url}/jobs/babyweight/events?f=layers+%3D+3"
