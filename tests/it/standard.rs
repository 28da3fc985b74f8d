//! What of a document breaks the standard for official documents, or cannot be printed as it is, is told in its words.

use crate::command::{folder, gongwen, root};

/// What `export` prints of a document.
fn told(report: &serde_json::Value) -> String {
    let here = folder();
    std::fs::create_dir(here.path().join("images")).expect("makes a folder");
    let seal = root().join("examples/images/seal-sample.png");
    std::fs::copy(seal, here.path().join("images/seal-sample.png")).expect("copies");
    std::fs::write(here.path().join("a.json"), report.to_string()).expect("writes");
    gongwen(here.path(), &["export", "a.json", "-o", "out", "--allow-errors"]).err
}

fn document(more: serde_json::Value) -> serde_json::Value {
    let mut document = serde_json::json!({
        "format": 1, "layout": "notice", "issuer": "样例市人民政府办公室", "title": "关于有关事项的通知",
        "letterhead": {}, "addressee": "各县（市、区）人民政府：", "preamble": ["正文。"],
        "signature": {"date": "2025-03-07"}, "metadata": {"document_number": "样府办发〔2025〕3号"}
    });
    for (key, value) in more.as_object().expect("an object") {
        document[key] = value.clone();
    }
    document
}

#[test]
fn parts_that_break_the_standard_are_told() {
    for (more, rule, words) in [
        (
            serde_json::json!({"letterhead": {"copy_number": "12"}}),
            "letterhead.number",
            "份号“12”不是六位数字",
        ),
        (
            serde_json::json!({"metadata": {"document_number": "样府办发[2025]第003号"}}),
            "letterhead.number",
            "应写作“样府办发〔2025〕3号”",
        ),
        (
            serde_json::json!({"signature": {"date": "2025-03-07", "seal": {"image": "images/seal-sample.png", "diameter": "200mm"}}}),
            "image.width",
            "的印章太大",
        ),
        (serde_json::json!({"title_note": ""}), "report.empty", "标题下的这一行是空的"),
        (
            serde_json::json!({"preamble": [{"table": {"header": [["甲", "乙"]], "rows": [["丙", "auto"]]}}]}),
            "figure.auto",
            "自拟的表格不能写",
        ),
        (
            serde_json::json!({"preamble": [{"table": {"header": [["甲"]], "rows": [["乙"]], "sums": [{"total": "乙", "of": []}]}}]}),
            "report.empty",
            "没有写出相加的各项",
        ),
        (
            serde_json::json!({"preamble": [{"table": {"header": [["甲"]], "rows": [[{"text": "乙", "rows": 3}], []]}}]}),
            "table.cells",
            "单元格占 3 行，而表格从这里起只有 2 行",
        ),
        (serde_json::json!({"preamble": ["{{ year }}"]}), "reference.unknown", "报告没有填写“year”"),
        (
            serde_json::json!({
                "title": "样例市人民政府办公室关于印发《样例市推动大规模设备更新和消费品以旧换新实施办法（试行）》等三个文件的通知",
                "addressee": "各县（市、区）人民政府，市高新区管委会、经开区管委会，市政府各部门、各直属机构，中央、省驻样例各单位：",
                "preamble": ["《样例市推动大规模设备更新和消费品以旧换新实施办法（试行）》已经市政府第28次常务会议审议通过，现印发给你们，请结合实际认真贯彻执行，执行中的问题及时报告。"],
                "signature": {"date": "2025-03-07", "seal": "reserve"}
            }),
            "page.first",
            "首页没有正文",
        ),
    ] {
        let told = told(&document(more));
        assert!(told.contains(rule) && told.contains(words), "{rule}: {told}");
    }
    let told = told(&document(serde_json::json!({"letterhead": {"copy_number": "000012"}})));
    assert!(!told.contains('['), "{told}");
}
