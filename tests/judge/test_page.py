"""The page for clerks in a real browser: Debian's Chromium, driven by Playwright."""

import json
import os
import pathlib
import re
import subprocess

import pikepdf
from playwright.sync_api import expect

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
EXAMPLE = ROOT / "examples" / "qingzhen-2023.json"


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
    expect(page.locator(".form .finding.error")).to_contain_text("差 5")
    assert page.locator('[data-part="section-requests"] .count').inner_text() == "1"
    # With an error the button leads to it.
    page.click("text=有 1 处错误")
    expect(cell(page, "received_this_year", 0)).to_be_focused()
    # What is wrong with the field in use is in view, and is told to who does not see it.
    expect(page.locator(".foot .finding.error")).to_contain_text("差 5")
    assert cell(page, "received_this_year", 0).get_attribute("aria-invalid") == "true"
    note = cell(page, "received_this_year", 0).get_attribute("aria-describedby").split()[0]
    assert "差 5" in page.locator(f"#{note}").inner_text()
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


def paste(page, pointer, text, html=None):
    page.focus(f'input[data-pointer="{pointer}"]')
    page.evaluate(
        """([pointer, text, html]) => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            if (html) data.setData('text/html', html);
            document.querySelector(`input[data-pointer="${pointer}"]`).dispatchEvent(
                new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [pointer, text, html],
    )


def test_what_is_pasted_is_converted_or_told(page):
    begin(page)
    here = "/tables/requests/received_this_year/0"
    paste(page, here, "1,234\t-\t/\r\n１２\t3件\t12,5\r\n")
    expect(cell(page, "received_this_year", 0)).to_have_value("1234")
    expect(cell(page, "received_this_year", 1)).to_have_value("-")
    expect(cell(page, "received_this_year", 2)).to_have_value("/")
    expect(cell(page, "carried_over_from_last_year", 0)).to_have_value("12")
    # What is no number stays as it is, and each is told.
    expect(cell(page, "carried_over_from_last_year", 1)).to_have_value("3件")
    expect(page.locator(".form .finding.error", has_text="3件")).to_be_visible()
    expect(page.locator(".form .finding.error", has_text="12,5")).to_be_visible()
    expect(page.locator(".form .finding.warning", has_text="“-”")).to_be_visible()
    assert cell(page, "carried_over_from_last_year", 1).evaluate("field => field.parentElement.className") == "error"
    expect(page.locator("#band")).to_contain_text("粘贴了 6 格")
    page.keyboard.press("Control+z")
    for row in ["received_this_year", "carried_over_from_last_year"]:
        for column in range(3):
            expect(cell(page, row, column)).to_have_value("0")
    page.keyboard.press("Control+y")
    expect(cell(page, "received_this_year", 0)).to_have_value("1234")


def test_what_is_pasted_beyond_the_table_is_told(page):
    begin(page)
    paste(page, "/tables/requests/carried_forward_to_next_year/5", "1\t2\t77\n88\t99")
    expect(cell(page, "carried_forward_to_next_year", 5)).to_have_value("1")
    expect(cell(page, "carried_forward_to_next_year", 6)).to_have_value("2")
    expect(page.locator("#band")).to_contain_text("另有 3 格在表格外，没有放进去：77、88、99")


def test_a_quoted_cell_is_one_cell(page):
    begin(page)
    paste(page, "/tables/requests/received_this_year/0", '"5\n"\t6\n"7"\t8')
    expect(cell(page, "received_this_year", 0)).to_have_value("5")
    expect(cell(page, "received_this_year", 1)).to_have_value("6")
    expect(cell(page, "carried_over_from_last_year", 1)).to_have_value("8")


def test_a_table_with_its_labels_goes_where_they_say(page, tmp_path):
    """A whole table out of a Word file, pasted into any of its fields."""
    begin(page)
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))["tables"]["requests"]
    table = page.locator('table[aria-label*="申请"]').first
    html = table.evaluate(
        """(table, values) => {
            const copy = table.cloneNode(true);
            copy.querySelectorAll('input').forEach((field) => {
                const [row, column] = field.getAttribute('data-pointer').split('/').slice(3);
                field.parentElement.textContent = String(values[row][Number(column)]);
            });
            return copy.outerHTML;
        }""",
        example,
    )
    paste(page, "/tables/requests/refused_state_secret/3", "本列\t自然人\n予以公开\t203", html)
    expect(cell(page, "granted", 0)).to_have_value("203")
    expect(cell(page, "received_this_year", 0)).to_have_value(str(example["received_this_year"][0]))
    expect(cell(page, "refused_state_secret", 3)).to_have_value("0")
    expect(page.locator("#band")).to_contain_text("按行名和列名填了")
    page.click(".bar >> text=撤销")
    expect(cell(page, "granted", 0)).to_have_value("0")
    # A computed total stays so where a block leaves it blank.
    paste(page, "/tables/requests/granted/5", "4\t\n5\t")
    expect(cell(page, "granted", 5)).to_have_value("4")
    expect(cell(page, "granted", 6)).to_have_value("4")
    page.click(".bar >> text=撤销")
    # Words that fit no table are not put into figures.
    paste(page, "/tables/requests/granted/0", "甲科\t乙科\n1\t2")
    expect(page.locator("#band")).to_contain_text("没有对上表格，没有放进去")
    expect(cell(page, "granted", 0)).to_have_value("0")


def test_undo_shows_in_the_field_that_was_typed_into(page):
    begin(page)
    field = cell(page, "received_this_year", 0)
    field.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    # It is kept meanwhile, and is one step all the same.
    page.wait_for_timeout(600)
    page.keyboard.type("7")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("0")
    field.press("Tab")
    expect(field).to_have_value("0")


def with_a_wrong_figure(page):
    """The example with 204 in place of 203, and the field."""
    page.set_input_files(".door input[type=file]", EXAMPLE)
    page.wait_for_selector(".bench")
    field = cell(page, "granted", 0)
    field.fill("204")
    field.press("Tab")
    return field


def test_a_finding_is_mended_by_a_button(page):
    field = with_a_wrong_figure(page)
    # The one figure whose change makes all agree.
    page.click('.form .finding.error .mend:has-text("改成 203")')
    expect(field).to_have_value("203")
    expect(field).to_be_focused()
    expect(page.locator(".foot")).to_contain_text("0 处错误")
    # It is one step of undo.
    page.keyboard.press("Control+z")
    expect(field).to_have_value("204")
    page.keyboard.press("Control+y")
    # A total that is left open is computed.
    total = cell(page, "granted", 6)
    total.fill("")
    total.press("Shift+Tab")
    expect(page.locator(".bar >> text=还有 1 格没有数字")).to_be_visible()
    page.locator(".form .mend", has_text="改成自动计算").first.click()
    expect(total).to_have_value("206")
    assert total.evaluate("field => field.parentElement.classList.contains('computed')")
    # A mark becomes 0.
    cell(page, "granted", 3).fill("/")
    cell(page, "granted", 3).press("Tab")
    page.click('.form .mend:has-text("改成 0")')
    expect(cell(page, "granted", 3)).to_have_value("0")


def test_f8_goes_to_every_field_that_something_is_said_of(page):
    field = with_a_wrong_figure(page)
    # Two sentences are about this one field.
    expect(page.locator(".form .finding.error")).to_have_count(2)
    page.wait_for_timeout(500)
    described = page.locator("[aria-describedby]").evaluate_all("fields => fields.map((field) => field.dataset.pointer)")
    seen = []
    for _ in range(len(described) + 1):
        page.keyboard.press("F8")
        seen.append(page.evaluate("document.activeElement.dataset.pointer"))
    assert set(described) <= set(seen) and len(described) > 2


def test_slips_of_the_text_are_corrected_by_a_button(page):
    begin(page)
    first = page.locator('textarea[data-pointer="/sections/overview/0"]')
    first.fill("主动公开,认真办理。。")
    first.press("Tab")
    other = page.locator('textarea[data-pointer="/sections/problems_and_improvements/0"]')
    other.fill("依申请公开,依法答复。")
    other.press("Tab")
    page.locator(".form .finding .mend", has_text="自动改正").first.click()
    expect(first).to_have_value("主动公开，认真办理。")
    expect(other).to_have_value("依申请公开,依法答复。")
    page.click(".bar >> text=撤销")
    expect(first).to_have_value("主动公开,认真办理。。")
    page.click('.foot button:has-text("自动改正")')
    expect(first).to_have_value("主动公开，认真办理。")
    expect(other).to_have_value("依申请公开，依法答复。")


def last_year(tmp_path, changes):
    report = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    report["year"] -= 1
    for pointer, value in changes.items():
        place = report
        *steps, last = pointer.split("/")[1:]
        for step in steps:
            place = place[step]
        place[int(last) if isinstance(place, list) else last] = value
    (tmp_path / "last.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return tmp_path / "last.json"


def test_last_years_report_is_compared_with(page, address, tmp_path):
    page.set_input_files(".door input[type=file]", EXAMPLE)
    page.wait_for_selector(".bench")
    last = last_year(tmp_path, {"/tables/requests/carried_forward_to_next_year/0": 9, "/sections/overview/0": "去年写的一段。"})
    page.click(".bar >> text=对照")
    page.locator('input[aria-label="打开去年的报告…"]').set_input_files(last)
    expect(page.locator(".form .finding.error", has_text="上年").first).to_be_visible()
    expect(page.locator("table.changes").first).to_contain_text("结转下年度继续办理·自然人")
    row = page.locator("table.changes tr", has_text="结转下年度继续办理·自然人")
    assert [text.strip() for text in row.locator("td").all_inner_texts()] == ["9", "1", "-8"]
    expect(page.locator("ul.changes del", has_text="去年写的一段")).to_be_visible()
    # A change in the form changes the comparison; a click goes to what changed.
    row.locator("button").click()
    expect(cell(page, "carried_forward_to_next_year", 0)).to_be_focused()
    page.screenshot(path=tmp_path / "compare.png")
    # The draft keeps it.
    page.goto(address)
    page.locator(".drafts .link").first.click()
    page.wait_for_selector(".bench")
    expect(page.locator(".form .finding.error", has_text="上年").first).to_be_visible()
    page.click("text=不再对照")
    expect(page.locator(".form .finding.error", has_text="上年")).to_have_count(0)
    expect(page.locator("table.changes")).to_have_count(0)


def test_two_versions_are_compared_without_checks_of_last_year(page, tmp_path):
    page.set_input_files(".door input[type=file]", EXAMPLE)
    page.wait_for_selector(".bench")
    other = last_year(tmp_path, {"/tables/requests/carried_forward_to_next_year/0": 9})
    page.locator('input[aria-label="打开另一个版本…"]').set_input_files(other)
    expect(page.locator("table.changes").last).to_contain_text("年度")
    expect(page.locator(".form .finding.error")).to_have_count(0)
    (tmp_path / "empty.pdf").write_bytes(b"")
    page.locator('input[aria-label="打开另一个版本…"]').set_input_files(tmp_path / "empty.pdf")
    expect(page.locator(".tools", has_text="没有读入“empty.pdf”：文件是空的")).to_be_visible()
    # The browser tells of the refused request, too.
    page.wrong.clear()


def test_metadata_has_a_field_for_each_of_the_schema(page, tmp_path):
    begin(page)
    page.fill('input[data-pointer="/metadata/index_number"]', "123/2026-00001")
    page.fill('input[data-pointer="/metadata/keywords"]', "公开、年度报告")
    page.locator('input[data-pointer="/metadata/keywords"]').press("Tab")
    assert page.locator('label:has(input[data-pointer="/metadata/published"]) span').inner_text() == "发布日期，如 2024-01-31"
    with page.expect_download() as download:
        page.click("text=存为文件")
    download.value.save_as(tmp_path / "a.json")
    saved = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert saved["metadata"] == {"index_number": "123/2026-00001", "keywords": ["公开", "年度报告"]}


def test_both_tabs_with_the_same_draft_are_warned(page, address):
    begin(page)
    page.wait_for_selector(".pages img")
    expect(page.locator("#tabs")).to_be_hidden()
    second = page.context.new_page()
    second.goto(address)
    second.locator(".drafts .link").first.click()
    second.wait_for_selector(".bench")
    for tab in (page, second):
        expect(tab.locator("#tabs")).to_contain_text("在另一个标签页里也打开着")
    # A third one with another draft is not meant, and when the second is left the first is free again.
    third = page.context.new_page()
    third.goto(address)
    third.fill("#issuer", "另一个局")
    third.fill("#year", "2025")
    third.click("text=开始填写")
    third.wait_for_selector(".bench")
    expect(third.locator("#tabs")).to_be_hidden()
    second.click("text=返回")
    expect(page.locator("#tabs")).to_be_hidden()


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


def test_cells_of_a_free_table_keep_their_extent(page):
    page.set_input_files(".door input[type=file]", ROOT / "examples" / "every-block.json")
    page.wait_for_selector(".bench")
    spans = page.locator("table.free th, table.free td").evaluate_all("cells => cells.map((cell) => cell.colSpan)")
    assert max(spans) > 1 and min(spans) == 1


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


def test_what_was_asked_for_last_is_shown(page):
    """The first page drawn anew, in another language, must not come over the report that was begun meanwhile."""
    page.route("**/version", lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.click("text=English")
    page.fill("#issuer", "样例市财政局")
    page.fill("#year", "2025")
    page.click("text=开始填写")
    page.wait_for_selector(".bench")
    page.wait_for_timeout(2500)
    expect(page.locator(".bench")).to_be_visible()

def test_lines_under_the_title_cover_and_contents_have_fields(page, tmp_path):
    page.set_input_files(".door input[type=file]", ROOT / "examples" / "plan.json")
    page.wait_for_selector(".bench")
    expect(page.locator('input[data-pointer="/subtitle"]')).to_have_value("（2024—2026年）")
    assert page.locator('input[data-pointer="/contents"]').is_checked()
    assert not page.locator('input[data-pointer="/cover"]').is_checked()
    page.check('input[data-pointer="/cover"]')
    page.fill('textarea[data-pointer="/byline"]', "样例市人民政府办公室\n2024年3月")
    page.fill('input[data-pointer="/subtitle"]', "（征求意见稿）")
    page.locator('input[data-pointer="/subtitle"]').press("Tab")
    with page.expect_download() as download:
        page.click("text=存为文件")
    download.value.save_as(tmp_path / "a.json")
    saved = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert saved["cover"] == {} and saved["contents"] == {} and saved["subtitle"] == "（征求意见稿）"
    assert saved["byline"] == ["样例市人民政府办公室", "2024年3月"]
    # The boxes are ticked off, and undo ticks them again.
    page.uncheck('input[data-pointer="/contents"]')
    page.click("text=撤销")
    assert page.locator('input[data-pointer="/contents"]').is_checked()


def test_text_that_is_issued_and_attendance_have_fields(page, tmp_path):
    page.set_input_files(".door input[type=file]", ROOT / "examples" / "order.json")
    page.wait_for_selector(".bench")
    page.fill('textarea[data-pointer="/issued_text/title"]', "样例市政府信息公开规定")
    page.locator('textarea[data-pointer="/issued_text/title"]').press("Tab")
    expect(page.locator('[data-part="section-issued"], [data-part="issued"]').first).to_be_visible()
    with page.expect_download() as download:
        page.click("text=存为文件")
    download.value.save_as(tmp_path / "a.json")
    saved = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    given = json.loads((ROOT / "examples" / "order.json").read_text(encoding="utf-8"))
    given["issued_text"]["title"] = "样例市政府信息公开规定"
    assert saved == given


def test_pictures_of_the_guide(page, tmp_path):
    """The pictures of docs/zh/page.md: GONGWEN_PAGE_IMAGES names the folder that they are written to."""
    folder = pathlib.Path(os.environ.get("GONGWEN_PAGE_IMAGES", tmp_path))
    page.screenshot(path=folder / "page-doors.png")
    page.set_input_files(".door input[type=file]", EXAMPLE)
    page.wait_for_selector(".pages img")
    cell(page, "granted", 0).fill("204")
    cell(page, "granted", 0).press("Tab")
    expect(page.locator(".form .finding.error").first).to_be_attached()
    page.click(".bar >> text=有 2 处错误")
    expect(page.locator(".foot .mend").first).to_be_visible()
    page.screenshot(path=folder / "page-bench.png")
    assert all((folder / name).stat().st_size > 10000 for name in ["page-doors.png", "page-bench.png"])
