"""Every state of the page, judged by axe-core (WCAG 2.2 AA and its best practices), by IBM Equal Access (WCAG 2.2 AA) and
by the Nu Html Checker.

GONGWEN_PAGE_STATES names a folder that a picture of each state is written to.
"""

import json
import os
import pathlib
import subprocess

import pytest
from conftest import GONGWEN
from playwright.sync_api import expect

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools" / "node_modules"
EXAMPLE = ROOT / "examples" / "qingzhen-2023.json"
AXE = (TOOLS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
ACE = (TOOLS / "accessibility-checker-engine" / "ace.js").read_text(encoding="utf-8")


def begin(page):
    page.fill("#issuer", "样例市财政局")
    page.fill("#year", "2025")
    page.locator(".door button.main").last.click()
    page.wait_for_selector(".bench")
    expect(page.locator(".foot span").first).not_to_be_empty()


def opened(page, path=EXAMPLE):
    page.set_input_files(".door input[type=file]", path)
    page.wait_for_selector(".bench")
    expect(page.locator(".foot span").first).not_to_be_empty()


def doors(page, _):
    pass


def doors_in_english(page, _):
    page.click("text=English")
    expect(page.locator("h2", has_text="Begin from a file")).to_be_visible()


def doors_with_drafts(page, _):
    begin(page)
    page.click("text=返回")
    page.wait_for_selector(".drafts .link")


def a_new_report(page, _):
    begin(page)
    page.wait_for_selector(".pages img")


def a_new_report_in_english(page, _):
    page.click("text=English")
    expect(page.locator("h2", has_text="Begin from a file")).to_be_visible()
    begin(page)


def findings(page, _):
    opened(page)
    for row, value in [("granted", "204"), ("partially_granted", ""), ("unavailable_not_held", "-")]:
        field = page.locator(f'input[data-pointer="/tables/requests/{row}/0"]')
        field.fill(value)
        field.press("Tab")
    page.locator('textarea[data-pointer="/sections/overview/0"]').fill("公开,透明。")
    page.locator('textarea[data-pointer="/sections/overview/0"]').press("Tab")
    page.click("text=列出全部")
    expect(page.locator(".mend").first).to_be_visible()
    page.locator('input[data-pointer="/tables/requests/granted/0"]').scroll_into_view_if_needed()


def every_kind_of_block(page, _):
    begin(page)
    for words in ["＋ 段落", "＋ 小标题", "＋ 列表", "＋ 表格"]:
        page.click(f"button:has-text('{words}') >> nth=0")
    page.locator(".tools input[type=file]").first.set_input_files(ROOT / "examples" / "images" / "requests.png")
    page.wait_for_selector(".block.image img")
    page.locator(".block.image").scroll_into_view_if_needed()


def a_file_with_open_figures(page, folder):
    subprocess.run([GONGWEN, "new", "disclosure-annual-report-2021", "-o", folder / "a.json", "--docx", folder / "a.docx"], check=True, capture_output=True)
    opened(page, folder / "a.docx")
    expect(page.locator("td.open").first).to_be_visible()


def compared(page, folder):
    opened(page)
    report = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    report["year"] -= 1
    report["sections"]["overview"][0] = "去年写的一段。"
    report["tables"]["requests"]["carried_forward_to_next_year"][0] = 9
    (folder / "last.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    page.locator('input[aria-label="打开去年的报告…"]').set_input_files(folder / "last.json")
    page.wait_for_selector("table.changes")
    page.click(".bar >> text=对照")


def a_letter(page, _):
    opened(page, ROOT / "examples" / "letter.json")


def free_sections(page, _):
    opened(page, ROOT / "examples" / "every-block.json")


def verified(page, folder):
    subprocess.run([GONGWEN, "export", EXAMPLE, "--format", "pdf", "-o", folder, "--quiet"], check=True, capture_output=True)
    page.locator('input[accept=".pdf,.zip"]').set_input_files(folder / "qingzhen-2023.pdf")
    expect(page.locator(".verdict")).to_contain_text("不通过")


def refused(page, folder):
    (folder / "a.docx").write_bytes(b"")
    page.set_input_files(".door input[type=file]", folder / "a.docx")
    expect(page.locator("#band")).to_contain_text("文件是空的")


def narrow(page, _):
    """As at 200 %: half as many pixels of CSS."""
    page.set_viewport_size({"width": 683, "height": 384})
    begin(page)


def narrow_with_the_pages(page, _):
    page.set_viewport_size({"width": 1100, "height": 700})
    page.fill("#issuer", "样例市财政局")
    page.click("text=开始填写")
    page.wait_for_selector(".bench")
    page.click("text=版面")
    page.fill('input[data-pointer="/metadata/index_number"]', "1")
    page.locator('input[data-pointer="/metadata/index_number"]').press("Tab")
    page.wait_for_selector(".pages img")


STATES = [
    doors, doors_in_english, doors_with_drafts, a_new_report, a_new_report_in_english, findings, every_kind_of_block,
    a_file_with_open_figures, compared, a_letter, free_sections, verified, refused, narrow, narrow_with_the_pages,
]


def told(violation):
    return f"{violation['id']}: {violation['help']}: " + "; ".join(node["html"][:160] for node in violation["nodes"][:3])


def judged(page, name):
    if folder := os.environ.get("GONGWEN_PAGE_STATES"):
        page.screenshot(path=pathlib.Path(folder) / f"{name}.png")
    # The judge's own script is put in by the protocol; the policy of the page is for what is on it.
    page.evaluate(AXE)
    found = page.evaluate("""() => axe.run(document, { runOnly: { type: 'tag', values:
        ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } })""")
    assert len(found["passes"]) > 15
    assert [told(violation) for violation in found["violations"]] == []
    html = page.content()
    page.evaluate(ACE + "; window.ace = ace")
    rules = page.evaluate("""() => new ace.Checker().check(document, ['WCAG_2_2'])
        .then(report => report.results.map(({ ruleId, value, snippet, message }) => ({ ruleId, value, snippet, message })))""")
    assert sum(rule["value"][1] == "PASS" for rule in rules) > 50
    failed = [rule for rule in rules if rule["value"] == ["VIOLATION", "FAIL"]]
    assert [f"{rule['ruleId']}: {rule['message']}: {rule['snippet'][:160]}" for rule in failed] == []
    return html


@pytest.fixture(scope="module")
def documents():
    """The documents of all states, as the browser has them: the checker reads them in one run."""
    return {}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_has_a_violation(page, state, tmp_path, documents):
    state(page, tmp_path)
    documents[state.__name__] = judged(page, state.__name__)
    # That a file is refused is told by the browser, too.
    page.wrong[:] = [text for text in page.wrong if "status of 400" not in text]


def test_a_service_with_a_token_asks_for_it(browser, tmp_path, documents):
    (tmp_path / "token").write_text("0123456789abcdef")
    command = [GONGWEN, "serve", "--listen", "127.0.0.1:0", "--token-file", tmp_path / "token"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as ran:
        context = browser.new_context()
        try:
            page = context.new_page()
            page.goto(ran.stdout.readline().strip())
            page.wait_for_selector("#token")
            documents["token"] = judged(page, "token")
            page.fill("#token", "0123456789abcdef")
            page.press("#token", "Enter")
            page.wait_for_selector("text=从已有文件开始")
        finally:
            context.close()
            ran.terminate()


def test_every_state_is_valid_html(documents, tmp_path):
    assert len(documents) == len(STATES) + 1, "all states were seen before"
    for name, html in documents.items():
        # What the browser writes of an icon without address is its own.
        (tmp_path / f"{name}.html").write_text("<!DOCTYPE html>" + html.removeprefix("<!DOCTYPE html>"), encoding="utf-8")
    done = subprocess.run(["java", "-jar", TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar", *sorted(tmp_path.glob("*.html"))], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
