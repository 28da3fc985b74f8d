"""The page for clerks in a real browser: Debian's Chromium, driven by Playwright."""

import json
import os
import pathlib
import re
import subprocess

import pikepdf
import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
EXAMPLE = ROOT / "examples" / "qingzhen-2023.json"


@pytest.fixture(scope="module")
def address():
    ran = subprocess.Popen(
        [GONGWEN, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    found = re.search(r"http://\S+", ran.stdout.readline())
    yield found[0].rstrip("/")
    ran.terminate()
    ran.wait(timeout=20)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    opened = context.new_page()
    wrong = []
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(address)
    opened.wait_for_selector(".doors")
    yield opened
    context.close()
    assert not wrong


def begin(page):
    page.fill("#issuer", "样例市财政局")
    page.fill("#year", "2025")
    page.click("text=开始填写")
    page.wait_for_selector(".bench")
    expect(page.locator(".foot")).to_contain_text("处提示")


def cell(page, row, column, table="requests"):
    return page.locator(f'input[data-pointer="/tables/{table}/{row}/{column}"]')


def test_a_report_is_filled_in_checked_and_downloaded(page, tmp_path):
    begin(page)
    cell(page, "received_this_year", 0).fill("5")
    cell(page, "received_this_year", 0).press("Enter")
    # Enter goes down; the total is computed; the balance is a sentence beside the table.
    expect(cell(page, "carried_over_from_last_year", 0)).to_be_focused()
    expect(cell(page, "received_this_year", 6)).to_have_value("5")
    expect(page.locator(".foot")).to_contain_text("1 处错误")
    expect(page.locator(".finding.error")).to_contain_text("差 5")
    assert page.locator('[data-part="section-requests"] .count').inner_text() == "1"
    # With an error the button leads to it.
    page.click("text=有 1 处错误")
    expect(cell(page, "received_this_year", 0)).to_be_focused()
    cell(page, "granted", 0).fill("5")
    cell(page, "granted", 0).press("Tab")
    expect(page.locator(".foot")).to_contain_text("0 处错误")
    expect(cell(page, "outcomes_total", 6)).to_have_value("5")
    for button, ending in [("PDF", "pdf"), ("Word", "docx")]:
        with page.expect_download() as download:
            page.click(f'.bar button:text-is("{button}")')
        path = tmp_path / f"a.{ending}"
        download.value.save_as(path)
        assert path.stat().st_size > 5000
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert len(pdf.pages) >= 3
    # Its pages stand beside the form, and a click on one goes to the field.
    expect(page.locator(".pages img").first).to_be_visible()


def test_excel_ways(page):
    begin(page)
    first = cell(page, "received_this_year", 0)
    first.focus()
    block = "1\t2\t3\n4\t5\t6"
    page.evaluate(
        """([selector, text]) => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            document.querySelector(selector).dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        ['input[data-pointer="/tables/requests/received_this_year/0"]', block],
    )
    expect(cell(page, "received_this_year", 2)).to_have_value("3")
    expect(cell(page, "carried_over_from_last_year", 1)).to_have_value("5")
    # One step takes the block back.
    first.press("Control+z")
    expect(cell(page, "received_this_year", 2)).to_have_value("0")
    expect(cell(page, "carried_over_from_last_year", 1)).to_have_value("0")
    # Full-width digits are digits; arrows move between cells.
    first.fill("１２")
    first.press("ArrowDown")
    expect(first).to_have_value("12")
    expect(cell(page, "carried_over_from_last_year", 0)).to_be_focused()
    cell(page, "carried_over_from_last_year", 0).press("ArrowRight")
    expect(cell(page, "carried_over_from_last_year", 1)).to_be_focused()
    # An emptied cell is not known, and is told.
    first.fill("")
    first.press("Tab")
    expect(page.locator(".foot")).to_contain_text("错误")


def test_prose_by_enter_and_backspace(page):
    begin(page)
    block = page.locator('textarea[data-pointer="/sections/overview/0"]')
    block.fill("第一段。")
    block.press("End")
    block.press("Enter")
    second = page.locator('textarea[data-pointer="/sections/overview/1"]')
    expect(second).to_be_focused()
    page.keyboard.type("第二段。")
    second.press("Home")
    second.press("Backspace")
    expect(page.locator('textarea[data-pointer="/sections/overview/0"]')).to_have_value("第一段。第二段。")


def paragraphs(page):
    return [field.input_value() for field in page.locator('textarea[data-pointer^="/sections/overview/"]').all()]


def test_typed_prose_survives_every_key(page):
    begin(page)
    block = page.locator('textarea[data-pointer="/sections/overview/0"]')
    block.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("第一段")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert paragraphs(page) == ["第一", "段"]
    page.keyboard.press("End")
    page.keyboard.type("二")
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    assert paragraphs(page) == ["第一段二"]
    page.keyboard.press("End")
    page.keyboard.type("三")
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text/plain', '甲\\n乙');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }"""
    )
    assert paragraphs(page) == ["第一段二三甲", "乙"]


def test_what_is_being_typed_is_in_the_draft(page, address):
    begin(page)
    page.locator('textarea[data-pointer="/sections/overview/0"]').click()
    page.keyboard.press("Control+A")
    page.keyboard.type("正在写的一段")
    page.goto(address)
    page.locator(".drafts .link").first.click()
    page.wait_for_selector(".bench")
    assert paragraphs(page) == ["正在写的一段"]
    cell(page, "received_this_year", 0).click()
    page.keyboard.press("Control+A")
    page.keyboard.type("57")
    page.wait_for_timeout(1000)
    expect(cell(page, "received_this_year", 0)).to_be_focused()
    page.goto(address)
    page.locator(".drafts .link").first.click()
    expect(cell(page, "received_this_year", 0)).to_have_value("57")


def test_another_report_of_the_same_year_leaves_the_draft(page, address):
    begin(page)
    page.locator('textarea[data-pointer="/sections/overview/0"]').fill("第一份")
    page.locator('textarea[data-pointer="/sections/overview/0"]').blur()
    page.goto(address)
    page.wait_for_selector(".doors")
    begin(page)
    page.locator('textarea[data-pointer="/sections/overview/0"]').fill("第二份")
    page.locator('textarea[data-pointer="/sections/overview/0"]').blur()
    found = set()
    # The one that was set aside is opened first, then the other, which it set aside.
    for _ in range(2):
        page.goto(address)
        page.wait_for_selector(".drafts .link")
        page.locator(".drafts > li > .link").nth(1).click()
        page.wait_for_selector(".bench")
        found.update(paragraphs(page))
        page.wait_for_timeout(50)
    assert found == {"第一份", "第二份"}


def test_a_word_file_is_read_and_a_draft_kept(page, address, tmp_path):
    subprocess.run([GONGWEN, "export", EXAMPLE, "--format", "docx", "-o", tmp_path, "--quiet"], check=True, capture_output=True)
    page.set_input_files(".door input[type=file]", tmp_path / "qingzhen-2023.docx")
    page.wait_for_selector(".bench")
    expect(page.locator("#band")).to_contain_text("qingzhen-2023.docx")
    expect(cell(page, "received_this_year", 0)).to_have_value("286")
    with page.expect_download() as download:
        page.click("text=存为文件")
    download.value.save_as(tmp_path / "a.json")
    saved = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert saved["tables"]["proactive_disclosure"] == json.loads(EXAMPLE.read_text(encoding="utf-8"))["tables"]["proactive_disclosure"]
    page.goto(address)
    page.wait_for_selector(".drafts .link")
    page.locator(".drafts .link").first.click()
    page.wait_for_selector(".bench")
    expect(cell(page, "received_this_year", 0)).to_have_value("286")


def test_a_service_that_is_down_is_told_in_words(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".doors")
    begin(page)
    page.locator('textarea[data-pointer="/sections/overview/0"]').fill("留着")
    page.locator('textarea[data-pointer="/sections/overview/0"]').blur()
    page.goto(address)
    page.wait_for_selector(".drafts .link")
    page.route("**/v1/**", lambda route: route.abort())
    page.locator(".drafts .link").first.click()
    expect(page.locator("#band")).to_have_text("服务没有回答，请稍后再试")
    page.unroute("**/v1/**")
    page.locator(".drafts .link").first.click()
    page.wait_for_selector(".bench")
    assert paragraphs(page) == ["留着"]
    context.close()


def test_numbers_keep_their_text(page, tmp_path):
    report = EXAMPLE.read_text(encoding="utf-8").replace('"administrative_fees": [', '"administrative_fees": [100.50, ', 1)
    report = re.sub(r'("administrative_fees": \[100\.50), [^\]]*\]', r"\1]", report)
    (tmp_path / "a.json").write_text(report, encoding="utf-8")
    page.set_input_files(".door input[type=file]", tmp_path / "a.json")
    page.wait_for_selector(".bench")
    with page.expect_download() as download:
        page.click("text=存为文件")
    download.value.save_as(tmp_path / "b.json")
    assert "100.50" in (tmp_path / "b.json").read_text(encoding="utf-8")


def test_verification_in_plain_words(page, tmp_path):
    subprocess.run([GONGWEN, "export", EXAMPLE, "--format", "pdf", "-o", tmp_path, "--quiet"], check=True, capture_output=True)
    page.locator('input[accept=".pdf,.zip"]').set_input_files(tmp_path / "qingzhen-2023.pdf")
    expect(page.locator(".verdict")).to_contain_text("不通过")
    expect(page.locator(".doors li", has_text="文件没有签名").first).to_be_visible()


def test_english_by_a_switch_and_markup_stays_text(page):
    page.click("text=English")
    expect(page.locator("h2", has_text="Begin from a file")).to_be_visible()
    page.fill("#issuer", "<img src=x onerror=alert(1)>")
    page.fill("#year", "2025")
    page.click("button:has-text('Begin') >> nth=-1")
    page.wait_for_selector(".bench")
    assert page.locator("main img[src=x]").count() == 0
    expect(page.locator(".bar h1")).to_contain_text("<img src=x")


def test_pictures_of_the_guide(page, tmp_path):
    """The pictures of docs/zh/page.md: GONGWEN_PAGE_IMAGES names the folder that they are written to."""
    folder = pathlib.Path(os.environ.get("GONGWEN_PAGE_IMAGES", tmp_path))
    page.screenshot(path=folder / "page-doors.png")
    page.set_input_files(".door input[type=file]", EXAMPLE)
    page.wait_for_selector(".pages img")
    cell(page, "granted", 0).fill("204")
    cell(page, "granted", 0).press("Tab")
    expect(page.locator(".finding.error").first).to_be_visible()
    cell(page, "granted", 0).scroll_into_view_if_needed()
    page.screenshot(path=folder / "page-bench.png")
    assert all((folder / name).stat().st_size > 10000 for name in ["page-doors.png", "page-bench.png"])
