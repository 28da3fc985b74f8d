//! Made reports: other bodies, years, lengths, figures and characters than the examples have.
//!
//! A number gives one report, always the same. Nothing here knows how reports are read or printed.

use std::io::Cursor;

use base64::Engine;
use serde_json::{Map, Value, json};

/// How many are tested.
pub const REPORTS: u64 = 32;

/// The report of a number: annual reports and documents of other kinds in turn.
pub fn report(seed: u64) -> Value {
    let mut maker = Maker(seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1));
    match seed % 8 {
        0 | 2 | 4 | 6 => maker.annual(),
        3 => maker.official("notice"),
        7 => maker.official("letter"),
        _ => maker.free("general-document"),
    }
}

/// SplitMix64.
struct Maker(u64);

const BODIES: [&str; 10] = [
    "清镇市人民政府办公室",
    "某某自治州人民政府",
    "样例县自然资源和规划局",
    "㼆山镇人民政府",
    "新疆生产建设兵团第某师某某市住房和城乡建设局（城市管理局）",
    "䶮城区市场监督管理局",
    "国家税务总局某某市税务局",
    "龑州市退役军人事务局",
    "某区教委",
    "某某省人力资源和社会保障厅",
];

const PHRASES: [&str; 26] = [
    "坚持以人民为中心的发展思想",
    "持续加强重点领域信息公开",
    "按照“谁公开谁审查、事前审查、依法审查”的原则",
    "全年通过门户网站发布信息9704条",
    "其中概况类信息482条",
    "办理人大代表建议和政协提案118件",
    "同比增长12.5%",
    "安排资金6858.05万元",
    "面积约120㎡",
    "联系电话：0851-82514600",
    "印发《关于印发〈2023年度政务公开工作实施方案〉的通知》",
    "（国办公开办函〔2021〕30号）",
    "在“清镇政务”微信公众号上",
    "开展“政府开放日”活动",
    "网址https://www.example.gov.cn/xxgk/zfxxgknb/2023/index.html?id=12345",
    "使用APP和H5页面",
    "王䶮、李𬭚、张㛃、赵𠅤、刘镕、陈堃、杨喆、黄媖、周㼆、吴頔、郑龑等同志",
    "不存在——也不应存在——的情形……",
    "‘一网通办’‘一件事一次办’",
    "截至2023年12月31日",
    "（其中：主动撤回2件，转办1件）",
    "A类、B类和Ⅲ级应急响应",
    "误差在±0.5℃以内",
    "有效期至２０２５年",
    "为民服务",
    "公开",
];

const HEADINGS: [&str; 6] =
    ["主动公开情况", "依申请公开情况", "平台建设", "监督保障", "存在的问题", "下一步打算"];

const PLACES: [&str; 5] = ["高新技术产业开发区", "某街道", "第一办公室", "㛃镇", "计"];

impl Maker {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// From `least` to `most`, both included.
    fn number(&mut self, least: usize, most: usize) -> usize {
        let span = u64::try_from(most - least + 1).expect("small");
        least + usize::try_from(self.next() % span).expect("small")
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.number(1, times) == 1
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.number(0, words.len() - 1)]
    }

    /// A paragraph of at least this many characters.
    fn sentences(&mut self, length: usize) -> String {
        let mut text = String::new();
        while text.chars().count() < length {
            let phrase = self.one_of(&PHRASES);
            let mark = self.one_of(&["，", "，", "；", "。", "。", "、", "？", "！"]);
            text.push_str(phrase);
            text.push_str(mark);
        }
        text.pop();
        text + "。"
    }

    fn paragraph(&mut self) -> Value {
        let length = self.one_of(&["8", "30", "60", "120", "300", "900"]).parse().expect("a number");
        json!(self.sentences(length))
    }

    fn prose(&mut self, free: bool) -> Value {
        let blocks = self.number(1, 6);
        let block = |maker: &mut Self| match maker.number(0, if free { 9 } else { 6 }) {
            0 => {
                let number = maker.one_of(&["（一）", "（二）", "1.", "（1）"]);
                json!(format!("{number}{}", maker.one_of(&HEADINGS)))
            }
            1 => {
                let (heading, text) = (maker.one_of(&HEADINGS), maker.sentences(80));
                json!(format!("（三）{heading}。{text}"))
            }
            2 => json!({ "heading": maker.one_of(&HEADINGS), "level": maker.number(1, 4) }),
            3 => {
                let count = maker.number(1, 6);
                let items: Vec<String> = (0..count)
                    .map(|_| {
                        let length = maker.number(2, 70);
                        maker.sentences(length)
                    })
                    .collect();
                let marker = maker.one_of(&["number", "bullet", "circled"]);
                json!({ "list": items, "marker": marker })
            }
            7 => maker.image(),
            8 | 9 => json!({ "table": maker.table() }),
            _ => maker.paragraph(),
        };
        Value::Array((0..blocks).map(|_| block(self)).collect())
    }

    /// A picture of one colour, as a `data:` URL.
    fn image(&mut self) -> Value {
        let (width, height) = (self.number(1, 400), self.number(1, 400));
        let size = |length: usize| u32::try_from(length).expect("small");
        let picture = image::RgbImage::from_pixel(size(width), size(height), image::Rgb([200, 30, 40]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG");
        let data = base64::engine::general_purpose::STANDARD.encode(bytes.into_inner());
        let mut image = json!({ "image": format!("data:image/png;base64,{data}"), "alt": "一块颜色" });
        if self.once_in(2) {
            image["caption"] = json!(format!("图{}  {}", self.number(1, 9), self.one_of(&HEADINGS)));
        }
        image
    }

    /// A figure as reports have them: mostly small, sometimes of eight digits or with four decimals.
    fn figure(&mut self) -> Value {
        match self.number(0, 19) {
            0 => json!(self.number(1_000_000, 99_999_999)),
            1 => json!(format!("{}.{:04}", self.number(0, 99_999), self.number(0, 9_999))),
            2 => json!(format!("{}.{:02}", self.number(0, 9_999), self.number(0, 99))),
            3 => json!("—"),
            4 => json!(""),
            5 => json!("/"),
            6..=9 => json!(0),
            _ => json!(self.number(0, 4_000)),
        }
    }

    /// A count: a figure without decimals.
    fn count(&mut self) -> Value {
        match self.number(0, 19) {
            0 => json!(self.number(1_000_000, 9_999_999)),
            1 => json!("—"),
            2 => json!(""),
            3 => json!("/"),
            4..=9 => json!(0),
            _ => json!(self.number(0, 4_000)),
        }
    }

    fn cell(&mut self) -> Value {
        match self.number(0, 9) {
            0 => json!(self.one_of(&PLACES)),
            1 => json!(format!("{}\n{}", self.one_of(&PLACES), self.one_of(&PLACES))),
            2 => json!(self.one_of(&PHRASES)),
            _ => self.figure(),
        }
    }

    /// A free table of cells over several columns and rows.
    fn table(&mut self) -> Value {
        let columns = self.number(2, 8);
        let (header, body) = (self.number(0, 3), self.number(1, 40));
        let mut table = json!({
            "header": self.rows(columns, header, true), "rows": self.rows(columns, body, false)
        });
        for (key, text) in [("caption", "表1  各单位情况"), ("unit", "单位：件")] {
            if self.once_in(2) {
                table[key] = json!(text);
            }
        }
        if self.once_in(3) {
            table["notes"] = json!(["注：数据来自统计报表。", self.sentences(60)]);
        }
        table
    }

    fn rows(&mut self, columns: usize, rows: usize, header: bool) -> Value {
        let mut taken = vec![vec![false; columns]; rows];
        let mut all = Vec::new();
        for row in 0..rows {
            let mut cells = Vec::new();
            for column in 0..columns {
                if taken[row][column] {
                    continue;
                }
                let free = taken[row][column..].iter().take_while(|taken| !**taken).count();
                let wide = if self.once_in(5) { self.number(1, free.min(3)) } else { 1 };
                // Never over the first column as well, so that every row begins a cell.
                let high =
                    if self.once_in(6) && column > 0 { self.number(1, (rows - row).min(4)) } else { 1 };
                for taken in &mut taken[row..row + high] {
                    taken[column..column + wide].fill(true);
                }
                let text = match (high, header) {
                    (1, true) => json!(self.one_of(&PLACES)),
                    (1, false) => self.cell(),
                    // One of a kind: the label may be printed beside any of its rows.
                    _ if self.once_in(2) => json!(self.number(10_000_000, 99_999_999)),
                    _ => json!(format!("第{}项{}", self.number(1, 1_000_000), self.one_of(&PLACES))),
                };
                cells.push(match (wide, high) {
                    (1, 1) => text,
                    _ => json!({ "text": text, "columns": wide, "rows": high }),
                });
            }
            all.push(Value::Array(cells));
        }
        Value::Array(all)
    }

    fn signature(&mut self, issuers: usize) -> Option<Value> {
        if self.once_in(3) {
            return None;
        }
        let date =
            format!("20{:02}-{:02}-{:02}", self.number(20, 30), self.number(1, 12), self.number(1, 28));
        let mut signature = json!({ "date": date });
        if self.once_in(4) {
            signature["signatories"] = json!([BODIES[0], BODIES[8]]);
        } else if issuers == 1 && self.once_in(2) {
            signature["seal"] = json!("reserve");
        }
        Some(signature)
    }

    fn annual(&mut self) -> Value {
        let year = self.number(2021, 2030);
        let mut sections = Map::new();
        for key in [
            "overview",
            "proactive_disclosure",
            "requests",
            "review_and_litigation",
            "problems_and_improvements",
            "other_matters",
        ] {
            if !self.once_in(4) {
                sections.insert(key.to_owned(), self.prose(false));
            }
        }
        let mut tables = Map::new();
        for (table, rows) in [
            ("proactive_disclosure", &PROACTIVE[..]),
            ("requests", &REQUESTS.map(|key| (key, 7))[..]),
            ("litigation", &LITIGATION.map(|key| (key, 5))[..]),
        ] {
            let mut filled = Map::new();
            for (key, count) in rows {
                let figures: Vec<Value> = (0..*count)
                    .map(|_| if table == "proactive_disclosure" { self.figure() } else { self.count() })
                    .collect();
                filled.insert((*key).to_owned(), Value::Array(figures));
            }
            balance(table, &mut filled);
            tables.insert(table.to_owned(), Value::Object(filled));
        }
        let issuer = self.one_of(&BODIES);
        let mut report = json!({
            "format": 1, "layout": "disclosure-annual-report-2021", "issuer": issuer, "year": year,
            "preamble": [self.paragraph()], "sections": sections, "tables": tables,
        });
        if let Some(signature) = self.signature(1) {
            report["signature"] = signature;
        }
        report
    }

    fn free(&mut self, layout: &str) -> Value {
        let first = self.number(0, BODIES.len() - 1);
        let count = self.number(1, 3).min(BODIES.len() - first);
        let issuers = &BODIES[first..first + count];
        let topic = self.one_of(&[
            "关于进一步做好政务公开工作的通知",
            "关于印发《某某市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要重点任务分工方案》的通知",
            "报告",
        ]);
        let sections: Vec<Value> = (0..self.number(1, 12))
            .map(|_| {
                let body = self.prose(true);
                if self.once_in(5) {
                    json!({ "body": body })
                } else {
                    json!({ "title": self.one_of(&HEADINGS), "body": body })
                }
            })
            .collect();
        let attachments: Vec<Value> = (0..self.number(0, 3))
            .map(|_| json!({ "title": self.one_of(&HEADINGS), "body": self.prose(true) }))
            .collect();
        let mut report = json!({
            "format": 1, "layout": layout, "issuer": issuers,
            "title": format!("{}{topic}", issuers[0]), "sections": sections, "attachments": attachments,
        });
        if self.once_in(2) {
            report["addressee"] = json!("各县（区）人民政府，市政府各部门：");
        }
        if let Some(signature) = self.signature(count) {
            report["signature"] = signature;
        }
        report
    }
}

/// What a cell counts as.
fn counted(cell: &Value) -> u64 {
    cell.as_u64().unwrap_or(0)
}

/// Makes the totals of a table agree with what they are totals of.
fn balance(table: &str, rows: &mut Map<String, Value>) {
    let get = |rows: &Map<String, Value>, key: &str, column: usize| counted(&rows[key][column]);
    if table == "requests" {
        let outcomes: Vec<&str> = REQUESTS[2..REQUESTS.len() - 2].to_vec();
        for column in 0..6 {
            let total: u64 = outcomes.iter().map(|key| get(rows, key, column)).sum();
            let closed = total + get(rows, "carried_forward_to_next_year", column);
            let carried = get(rows, "carried_over_from_last_year", column).min(closed);
            rows["outcomes_total"][column] = json!(total);
            rows["carried_over_from_last_year"][column] = json!(carried);
            rows["received_this_year"][column] = json!(closed - carried);
        }
    }
    let parts = match table {
        "requests" => 6,
        "litigation" => 4,
        _ => return,
    };
    for row in rows.values_mut() {
        let total: u64 = (0..parts).map(|column| counted(&row[column])).sum();
        row[parts] = json!(total);
    }
}

impl Maker {
    /// A free document with letterhead, remark and colophon.
    fn official(&mut self, layout: &str) -> Value {
        let mut report = self.free(layout);
        let mut letterhead = json!({});
        for (key, text) in [("copy_number", "000001"), ("secrecy", "机密★1年"), ("urgency", "特急")] {
            if self.once_in(2) {
                letterhead[key] = json!(text);
            }
        }
        if self.once_in(2) {
            letterhead["organ"] = json!("某某市人民政府办公室");
        }
        if layout == "notice" && self.once_in(2) {
            let names = ["王䶮", "李𬭚", "张㛃", "赵甲", "欧阳某某"];
            letterhead["signers"] = json!(names[..self.number(1, names.len())]);
        }
        report["letterhead"] = letterhead;
        report["metadata"] =
            json!({ "document_number": format!("某政办发〔2023〕{}号", self.number(1, 300)) });
        if self.once_in(2) {
            report["remark"] = json!("此件公开发布");
        }
        if self.once_in(2) {
            let copies: Vec<&str> = (0..self.number(1, 8)).map(|at| BODIES[at]).collect();
            report["colophon"] = json!({ "copies_to": copies });
            if layout == "notice" {
                report["colophon"]["printed_by"] = json!("某某市人民政府办公室");
                report["colophon"]["printed_on"] = json!("2023-12-21");
            }
        }
        report
    }
}

const PROACTIVE: [(&str, usize); 6] = [
    ("rules", 3),
    ("normative_documents", 3),
    ("administrative_licensing", 1),
    ("administrative_penalties", 1),
    ("administrative_coercion", 1),
    ("administrative_fees", 1),
];

const REQUESTS: [&str; 25] = [
    "received_this_year",
    "carried_over_from_last_year",
    "granted",
    "partially_granted",
    "refused_state_secret",
    "refused_prohibited_by_law",
    "refused_security_and_stability",
    "refused_third_party_rights",
    "refused_internal_affairs",
    "refused_process_information",
    "refused_enforcement_files",
    "refused_inquiry_matters",
    "unavailable_not_held",
    "unavailable_needs_creation",
    "unavailable_still_unclear",
    "unprocessed_petition",
    "unprocessed_repeated",
    "unprocessed_publications",
    "unprocessed_excessive",
    "unprocessed_reissue",
    "closed_uncorrected",
    "closed_unpaid",
    "closed_other",
    "outcomes_total",
    "carried_forward_to_next_year",
];

const LITIGATION: [&str; 3] = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"];
