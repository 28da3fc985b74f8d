//! Where a title may be broken, and what each place costs: words, numbers, names of bodies and places, set phrases.
//!
//! The dictionary of the segmenter knows everyday words only: names such as 样丰市 are single characters to it.
//! What belongs to a name is therefore found from its end (市, 局, 人民政府) backwards to a word that cannot be
//! part of one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;

use crate::font::is_ideograph;
use crate::text::class::{is_dash_alone, may_part};

/// No line ends here, whatever else is lost: marks, numbers.
pub(super) const NEVER: f64 = f64::INFINITY;
/// Within a word.
const WORD: f64 = 20.0;
/// Before 的 and 和, after 关于 and 对: the two sides belong together.
const PARTICLE: f64 = 10.0;
/// Within a name or a term that the report or the layout gives.
const GIVEN: f64 = 4.0;
/// Within the name of a place.
const PLACE: f64 = 6.0;
/// Within the name of a body, within a set phrase.
const NAME: f64 = 3.0;
/// Within a body's name, after the place in front of it: where a name wider than a line is broken.
const AFTER_PLACE: f64 = 2.0;
/// Within a short bracket or quotation.
const SHORT: f64 = 4.0;
/// Between any two words.
const ORDINARY: f64 = 0.25;
/// After the bodies that issue the document: 词意完整.
const AFTER_ISSUER: f64 = -0.3;

/// A longer text is no title: names, phrases and brackets are not looked for in it, which takes time by its square.
const LONGEST_TITLE: usize = 400;
/// The most names that are given: more bodies do not issue a document together.
const MOST_NAMES: usize = 30;
/// The most characters of a number or of letters that stay together.
const LONGEST_RUN: usize = 64;

/// Brackets of no more characters than this, themselves included, are not broken; a 《title》 is at words.
const SHORT_BRACKET: usize = 14;
const SHORT_BOOK: usize = 9;
/// Longer ones do not fit a line.
const ONE_LINE: usize = 18;
/// The longest names, in characters.
const LONGEST_PLACE: usize = 18;
const LONGEST_BODY: usize = 24;

/// Words that belong to what precedes them.
const BELONGS_BEFORE: &str = "的 地 得 和 与 及 以及 及其 暨 或 或者 并 并且 等 年 度 者 之 们 化 性 率 版 稿 中 内 外 上 下 后 前 时 间";
/// Words that belong to what follows them.
const BELONGS_AFTER: &str = "关于 对 对于 在 以 为 由 从 向 将 把 按 按照 根据 依据 至 到 于 因 同 被 使 令 赴 各 本 该 全 不 未 无 非 新 第 前 近 每 约 逾 有关 相关 若干 部分 其他 所有 所 各级 各类 为了 围绕 依法 进一步";
/// Adverbs: better on the line of their verb.
const ADVERBS: &str = "全面 切实 深入 大力 积极 严格 持续 着力 扎实 有序 稳妥 统筹 不断 全力 有效 坚决 认真 集中 联合 共同 继续 充分 加快 高效 依规 做好 开展 加强";
/// Kinds of document and the like: better on the line of the word that tells which (实施|方案).
const KINDS: &str = "方案 计划 规划 纲要 办法 规定 条例 细则 规则 章程 准则 意见 措施 政策 要点 报告 预案 目录 清单 指南 指引 标准 规范 规程 制度 名单 总结 公报 决算 预算 事项 情况 说明 表 机制 体系 项目 资金 活动 会议 行动 工程 小组";
/// Characters that end a word of the dictionary: 消费品, 污水处理厂.
const SUFFIXES: &str = "品 厂 站 场 馆 园 库 器 机 仪 费 税 款 证 书 员 师 户 权 线 网 具 料 物 桥 路 河 湖 卡 链 圈 群 楼 室 院 所 队 团 会 业 界 制 地 案";
/// Words that a compound often ends with.
const HEADS: &str = "工作 建设 管理 发展 服务 改革 保护 监督 监管 治理 执法 安全 保障 工程 事业 产业 条件 标准 中心 系统 平台 任务 目标 水平 能力 环境 资源 设施";
/// Words that are part of no name.
const NO_NAMES: &str = "关于 印发 转发 批转 发布 公布 颁布 下达 下发 调整 成立 设立 撤销 组建 同意 批准 核准 报送 呈报 上报 申请 申报 请求 商请 提请 函请 征求 征集 协助 邀请 举办 召开 开展 做好 抓好 办好 加强 加快 加大 推进 推动 促进 深化 优化 强化 细化 实化 完善 健全 落实 贯彻 贯彻落实 实施 组织 实行 施行 执行 修改 修订 修正 废止 清理 确认 认定 命名 表彰 表扬 通报 授予 任命 任免 免去 聘任 给予 支持 明确 确定 建立 建立健全 构建 打造 培育 提升 提高 增强 扩大 解决 处理 答复 批复 回复 取消 下放 承接 划转 移交 收回 出让 变更 延长 启用 停止 更名 暂停 恢复 解除 启动 终止 推广 选派 进一步 全面 切实 深入 大力 积极 严格 持续 有关 相关 涉及 部分 若干 通知 意见 方案 办法 规定 条例 决定 规划 计划 请示 报告 更好 参加 根据 按照 依据 围绕 推荐 评选 查处 致 全市 全省 全县 全区 我市 我省 我县 各县 各区 各市 市县 区县 市直 省直 县直";
/// What the name of a place ends with.
const PLACES: &str = "特别行政区 自治区 自治州 自治县 自治旗 经济技术开发区 经济开发区 高新技术产业开发区 开发区 高新区 新区 林区 矿区 地区 街道 省 市 县 区 州 盟 旗 乡 镇 村";
/// What the name of a body ends with.
const BODIES: &str = "人民政府 人大常委会 人民代表大会 常务委员会 政治协商会议 委员会 常委会 管委会 办公室 办公厅 办事处 领导小组 指挥部 联席会议 专班 人民法院 人民检察院 检察院 法院 公司 集团 协会 学会 联合会 基金会 工会 商会 合作社 兵团 大学 学院 学校 中学 小学 医院 研究院 中心 总队 支队 大队 调查队 分局 行政公署 市委 县委 区委 省委 州委 党委 工委 党组 政府 部门 局 厅 委 部 署 院 站 所 处 办";
/// Bodies that belong to the body named right before them.
const PARTS_OF_BODIES: &str = "办公室 办公厅 常务委员会 常委会 党组 党委 办事处";
/// What a number is counted in; a line neither ends before it nor within it.
const UNITS: &str = "年度 年版 年底 年初 年末 年前 年后 年以来 年上半年 年下半年 上半年 下半年 周年 年 月份 月底 月 日 号令 号 时 分钟 分 秒 小时 天 周 季度 届 次会议 次 期 批次 批 条 款 项 个百分点 个月 个 家 户 人次 人 名 件 种 类 级 型 代 轮 位 所 座 处 条龙 站式 站 台 套 辆 份 张 倍 成 卷 册 辑 版 章 节 篇 课 路 街 区 组 队 场 亿千瓦时 亿立方米 亿斤 亿吨 亿元 万亿元 万亩 万吨 万人 万户 万千瓦 万元 亿 万 元 公里 平方公里 平方米 立方米 千米 米 千瓦 兆瓦 千伏 公斤 克 升 吨 亩 公顷 岁 度 点 强 ％ % ‰ ℃";

static LISTS: LazyLock<Lists> = LazyLock::new(Lists::read);

/// The lists above and the words of `words.txt`, for look-up.
struct Lists {
    known: HashSet<&'static str>,
    longest: usize,
    belongs_before: HashSet<&'static str>,
    belongs_after: HashSet<&'static str>,
    adverbs: HashSet<&'static str>,
    kinds: HashSet<&'static str>,
    heads: HashSet<&'static str>,
    suffixes: HashSet<&'static str>,
    no_names: HashSet<&'static str>,
    /// With their numbers of characters, the longest first.
    units: Vec<(&'static str, usize)>,
}

impl Lists {
    fn read() -> Lists {
        let set = |list: &'static str| list.split_whitespace().collect::<HashSet<_>>();
        let lines = include_str!("words.txt").lines().filter(|line| !line.starts_with('#'));
        let lists = [BELONGS_BEFORE, BELONGS_AFTER, ADVERBS, KINDS, HEADS, NO_NAMES];
        let longer =
            lists.iter().flat_map(|list| list.split_whitespace()).filter(|word| word.chars().count() > 1);
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).chain(longer).collect();
        let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or_default();
        let mut units: Vec<(&str, usize)> =
            UNITS.split_whitespace().map(|unit| (unit, unit.chars().count())).collect();
        units.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
        Lists {
            known: words.into_iter().collect(),
            longest,
            belongs_before: set(BELONGS_BEFORE),
            belongs_after: set(BELONGS_AFTER),
            adverbs: set(ADVERBS),
            kinds: set(KINDS),
            heads: set(HEADS),
            suffixes: set(SUFFIXES),
            no_names: set(NO_NAMES),
            units,
        }
    }

    /// Whether a particle stands for itself: 的, 和, 对.
    fn is_particle(&self, word: &str) -> bool {
        self.belongs_before.contains(word) || self.belongs_after.contains(word)
    }
}

/// A place at which a title may be broken: its byte offset, and what breaking there costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub at: usize,
    pub cost: f64,
}

/// The places of a title in order, its start and end included.
pub(super) fn places(text: &str, names: &[String], terms: &[String]) -> Vec<Place> {
    let title = Text::new(text);
    let names = &names[..names.len().min(MOST_NAMES)];
    let costs = Costs::of(&title, names, terms);
    let inner = (1..title.chars.len()).filter(|at| costs.0[*at].is_finite());
    [0].into_iter()
        .chain(inner)
        .chain([title.chars.len()])
        .map(|at| Place { at: title.offsets[at], cost: costs.0[at] })
        .collect()
}

/// The kinds of word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A number with its unit, or letters.
    Whole,
    /// A mark or a blank.
    Mark,
    /// In the lists.
    Known,
    /// Of the dictionary.
    Found,
    /// A character by itself, perhaps of a name.
    Single,
}

/// A word, by characters.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    kind: Kind,
}

/// A text by characters and words.
struct Text<'a> {
    text: &'a str,
    chars: Vec<char>,
    /// The byte offset of each character, and of the end.
    offsets: Vec<usize>,
    words: Vec<Word>,
    /// Set phrases, whose words `words` has.
    phrases: Vec<Range<usize>>,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Text<'a> {
        let chars: Vec<char> = text.chars().collect();
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut title = Text { text, chars, offsets, words: Vec::new(), phrases: Vec::new() };
        let found = title.dictionary();
        for word in title.segment(0..title.chars.len(), &found, LISTS.longest) {
            if word.kind == Kind::Known && word.end - word.start > 3 {
                title.phrases.push(word.start..word.end);
                let words = title.segment(word.start..word.end, &found, 3);
                title.words.extend(words);
            } else {
                title.words.push(word);
            }
        }
        title
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        &self.text[self.offsets[range.start]..self.offsets[range.end]]
    }

    fn starts(&self, at: usize, text: &str) -> bool {
        self.text[self.offsets[at]..].starts_with(text)
    }

    fn word(&self, word: &Word) -> &'a str {
        self.slice(word.start..word.end)
    }

    fn is_known(&self, range: Range<usize>) -> bool {
        range.end < self.offsets.len() && LISTS.known.contains(self.slice(range))
    }

    /// The words of the segmenter's dictionary: the end of each by its start.
    fn dictionary(&self) -> HashMap<usize, usize> {
        let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
        let ends: Vec<usize> = segmenter.segment_str(self.text).collect();
        let index = |at: usize| self.offsets.binary_search(&at).ok();
        ends.windows(2).filter_map(|pair| Some((index(pair[0])?, index(pair[1])?))).collect()
    }

    /// The words of a range: the fewest that it can be made of, known words before found ones.
    fn segment(&self, range: Range<usize>, found: &HashMap<usize, usize>, longest: usize) -> Vec<Word> {
        let length = range.len();
        let mut best: Vec<(f64, Option<Word>)> = vec![(f64::INFINITY, None); length + 1];
        best[0].0 = 0.0;
        for from in 0..length {
            let start = range.start + from;
            let so_far = best[from].0;
            if so_far.is_infinite() {
                continue;
            }
            let mut offer = |end: usize, kind: Kind, cost: f64| {
                if end <= range.end && so_far + cost < best[end - range.start].0 {
                    best[end - range.start] = (so_far + cost, Some(Word { start, end, kind }));
                }
            };
            let first = self.chars[start];
            if let Some(end) = self.number(start).or_else(|| self.letters(start)) {
                offer(end.min(range.end), Kind::Whole, 0.9);
                if !is_ideograph(first) {
                    continue;
                }
            }
            if !first.is_alphanumeric() {
                offer(start + 1, Kind::Mark, 1.0);
                continue;
            }
            for end in start + 2..=(start + longest).min(range.end) {
                if self.is_known(start..end) {
                    // The longer a word, the less likely it is there by chance.
                    offer(end, Kind::Known, (1.4 - 0.2 * (end - start) as f64).max(0.6));
                }
            }
            if let Some(end) = found.get(&start).filter(|end| **end > start + 1) {
                offer(*end, Kind::Found, 1.3);
            }
            let particle = LISTS.is_particle(self.slice(start..start + 1));
            offer(start + 1, Kind::Single, if particle { 1.2 } else { 1.7 });
        }
        let mut words = Vec::new();
        let mut at = length;
        while let Some(word) = best[at].1 {
            words.push(word);
            at = word.start - range.start;
        }
        words.reverse();
        words
    }

    /// The end of the number that begins here, with its unit: 2023年1月, 2021—2025年, 1.5亿元, 第十四届.
    fn number(&self, start: usize) -> Option<usize> {
        let ordinal = usize::from(self.chars[start] == '第');
        let mut at = start + ordinal;
        let digits = |at: usize| self.run(at, |c| c.is_ascii_digit());
        if digits(at) == at {
            let end = self.run(at, is_numeral);
            let unit = self.unit(end);
            let is_number = end > at && (ordinal > 0 || unit > end || end > at + 1);
            return is_number.then_some(unit);
        }
        loop {
            at = digits(at);
            // 1.5, 20/23, 2021—2025, 9:00.
            let joint = self.run(at, |c| ".,．·/:：-－—–~～×+".contains(c));
            if joint > at && digits(joint) > joint {
                at = joint;
                continue;
            }
            let unit = self.unit(at);
            let joint = self.run(unit, |c| "—–-－~～至".contains(c));
            // 2023年1月1日, 2021年—2025年.
            if unit > at && digits(joint) > joint {
                at = joint;
                continue;
            }
            return Some(unit);
        }
    }

    /// The end of the unit that begins here; `at` where there is none.
    fn unit(&self, at: usize) -> usize {
        let rest = &self.text[self.offsets[at]..];
        let unit = LISTS.units.iter().find(|(unit, length)| {
            // 2023年版权保护 and 5个人所得税事项 are no 年版 and no 个人.
            let other = |end: usize| *length > 1 && self.is_known(end - 1..end + 1);
            rest.starts_with(unit) && !other(at + length)
        });
        unit.map_or(at, |(_, length)| at + length)
    }

    /// The end of the letters and digits that begin here: 5G, PM2.5, K0+000—K3+450.
    fn letters(&self, start: usize) -> Option<usize> {
        let run = |at: usize| self.run(at, |c| c.is_ascii_alphanumeric() || ".-+".contains(c));
        let mut end = run(start);
        let begins = end > start && self.chars[start].is_ascii_alphanumeric();
        loop {
            let joint = self.run(end, |c| "—–~～－".contains(c));
            if joint != end + 1 || run(joint) == joint {
                return begins.then_some(end);
            }
            end = run(joint);
        }
    }

    fn run(&self, at: usize, is_in: impl Fn(char) -> bool) -> usize {
        let rest = self.chars.get(at..).unwrap_or_default();
        at + rest.iter().take(LONGEST_RUN).take_while(|c| is_in(**c)).count()
    }
}

fn is_numeral(character: char) -> bool {
    "〇零一二三四五六七八九十百千万两".contains(character)
}

/// What a break before each character costs.
struct Costs(Vec<f64>);

impl Costs {
    fn of(title: &Text, names: &[String], terms: &[String]) -> Costs {
        let mut costs = Costs(vec![0.0; title.chars.len() + 1]);
        costs.words(title);
        costs.particles(title);
        if title.chars.len() <= LONGEST_TITLE {
            costs.brackets(title);
            costs.protected(title, names, terms);
        }
        for at in 1..title.chars.len() {
            let (before, own) = (title.chars[at - 1], title.chars[at]);
            if !may_part(before, own) || own == ' ' || is_dash_alone(before, own, title.chars.get(at + 1)) {
                costs.0[at] = NEVER;
            }
        }
        costs
    }

    fn words(&mut self, title: &Text) {
        for (at, word) in title.words.iter().enumerate() {
            let inside = if word.kind == Kind::Whole { NEVER } else { WORD };
            self.0[word.start + 1..word.end].fill(inside);
            let Some(before) = at.checked_sub(1).map(|at| &title.words[at]) else { continue };
            let single = |word: &Word| word.kind == Kind::Single && !LISTS.is_particle(title.word(word));
            let ends_a_word = || {
                LISTS.suffixes.contains(title.word(word))
                    && matches!(before.kind, Kind::Known | Kind::Found)
                    && title.words.get(at + 1).is_none_or(|next| !single(next))
            };
            self.0[word.start] += match (single(before), single(word)) {
                _ if before.kind == Kind::Mark || word.kind == Kind::Mark => ORDINARY / 2.0,
                (false, true) if ends_a_word() => SHORT,
                // Neighbouring characters that are no words are those of a name.
                (true, true) => NAME,
                (true, false) | (false, true) => 0.7,
                (false, false) => ORDINARY,
            };
            // 12345热线: a number without a unit counts what follows.
            let bare = title.chars[word.start - 1].is_ascii_alphanumeric()
                || is_numeral(title.chars[word.start - 1]);
            if before.kind == Kind::Whole && word.kind != Kind::Mark {
                self.0[word.start] += if bare { PARTICLE } else { 0.3 };
            }
        }
    }

    fn particles(&mut self, title: &Text) {
        for (at, word) in title.words.iter().enumerate() {
            let text = title.word(word);
            let before = at.checked_sub(1).map(|at| title.word(&title.words[at]));
            if LISTS.belongs_before.contains(text) {
                self.0[word.start] += PARTICLE;
            }
            if LISTS.belongs_after.contains(text) {
                self.0[word.end] += PARTICLE;
            }
            if ["和", "与", "及", "以及", "暨"].contains(&text) {
                self.0[word.end] += 0.6;
            }
            // A verb is better on the line of its object, but for 关于印发 and what is printed after it.
            let usual = ["印发", "转发", "批转", "发布", "公布"].contains(&text);
            if LISTS.no_names.contains(text) && !usual && title.chars.get(word.end) != Some(&'《') {
                self.0[word.end] += 0.15;
            }
            if LISTS.adverbs.contains(text) {
                self.0[word.end] += 1.0;
            }
            let begins =
                before.is_none_or(|before| ["的", "和", "与", "及", "》", "、", "）", "”"].contains(&before));
            if LISTS.kinds.contains(text) && !begins {
                self.0[word.start] += 1.5;
            } else if LISTS.heads.contains(text) && !begins {
                self.0[word.start] += 0.3;
            }
        }
    }

    fn brackets(&mut self, title: &Text) {
        let mut open: Vec<usize> = Vec::new();
        for (at, character) in title.chars.iter().enumerate() {
            if "《〈（(〔【“‘「".contains(*character) {
                open.push(at);
            } else if "》〉）)〕】”’」".contains(*character)
                && let Some(start) = open.pop()
            {
                self.bracket(title, start, at + 1);
            }
        }
    }

    fn bracket(&mut self, title: &Text, start: usize, end: usize) {
        let book = matches!(title.chars[start], '《' | '〈');
        let short = end - start <= if book { SHORT_BOOK } else { SHORT_BRACKET };
        let inside = match (title.chars[start], short, book) {
            ('〔', _, _) => NEVER,
            (_, true, true) => NAME,
            (_, true, false) => SHORT,
            (_, false, _) if end - start <= ONE_LINE => 0.3,
            (_, false, _) => 0.15,
        };
        self.add(start..end, inside);
        let bracket = matches!(title.chars[start], '（' | '(' | '〔');
        if bracket && short && start > 0 {
            // （试行） belongs to what precedes it, and 〔2023〕30号 is one number.
            self.0[start] += NAME;
        }
        if title.chars[start] == '〔' && title.chars.get(end).is_some_and(char::is_ascii_digit) {
            self.0[end] = NEVER;
            if start > 0 {
                self.0[start] += PARTICLE;
            }
        }
        // “十四五”规划.
        let followed = title.chars.get(end).is_some_and(|c| is_ideograph(*c));
        if followed && short && !book {
            self.0[end] += 1.0;
        }
    }

    /// What is not broken: given names and terms, names that are found, set phrases.
    fn protected(&mut self, title: &Text, names: &[String], terms: &[String]) {
        let mut protected = vec![0.0_f64; title.chars.len() + 1];
        let mut protect = |range: Range<usize>, cost: f64| {
            protected[range].iter_mut().skip(1).for_each(|own| *own = own.max(cost));
        };
        for given in names.iter().chain(terms).filter(|given| !given.is_empty()) {
            for (at, found) in title.text.match_indices(given.as_str()) {
                let index = |at: usize| title.offsets.binary_search(&at).unwrap_or_default();
                protect(index(at)..index(at + found.len()), GIVEN);
            }
        }
        for phrase in &title.phrases {
            protect(phrase.clone(), NAME);
        }
        let places = places_in(title);
        let bodies = bodies_in(title, &places);
        for place in &places {
            protect(place.clone(), PLACE);
        }
        for body in &bodies {
            protect(body.clone(), NAME);
        }
        for place in &places {
            protected[place.end] = protected[place.end].min(AFTER_PLACE);
            // 关于印发样例市 | 应急预案: a place belongs to what is of it.
            self.0[place.end] += 0.3;
        }
        // One given name may be those of several bodies.
        for body in &bodies {
            if let Some(next) = joint(title, body.end, &bodies, &places) {
                protected[body.end..=next].fill(0.0);
            }
        }
        self.0.iter_mut().zip(&protected).for_each(|(cost, protected)| *cost += protected);
        let ends = issuer_ends(title, &bodies, &places, names);
        for (nth, at) in ends.iter().enumerate() {
            self.0[*at] = if nth + 1 == ends.len() { AFTER_ISSUER } else { 0.0 };
        }
    }

    fn add(&mut self, range: Range<usize>, cost: f64) {
        self.0[range].iter_mut().skip(1).for_each(|own| *own += cost);
    }
}

/// The start of the body that signs jointly with the one that ends here: 样例市财政局样例市教育局. 样例市公安局交通警察支队
/// is one body.
fn joint(title: &Text, end: usize, bodies: &[Range<usize>], places: &[Range<usize>]) -> Option<usize> {
    let next = title.run(end, |c| matches!(c, '、' | ' ' | '\u{3000}'));
    let begins = places.iter().any(|place| place.start == next) || title.starts(next, "中共");
    (begins && bodies.iter().any(|body| body.start == next)).then_some(next)
}

/// The ends of the bodies that a title begins with, each a good place to break.
fn issuer_ends(
    title: &Text,
    bodies: &[Range<usize>],
    places: &[Range<usize>],
    names: &[String],
) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    loop {
        let rest = &title.text[title.offsets[at]..];
        let named = names.iter().filter(|name| !name.is_empty() && rest.starts_with(name.as_str()));
        let named = named.map(|name| at + name.chars().count()).max();
        let found = bodies.iter().find(|body| body.start == at).map(|body| body.end);
        let several = found.filter(|end| joint(title, *end, bodies, places).is_some());
        let Some(end) = several.or(named.max(found)) else { return ends };
        at = title.run(end, |c| matches!(c, '、' | ' ' | '\u{3000}'));
        if at >= title.chars.len() {
            return ends;
        }
        ends.push(at);
    }
}

/// The words that a name may consist of, from `last` backwards to the first of them, at most so many characters.
fn name_start(title: &Text, last: usize, longest: usize, stops: &dyn Fn(usize, &Word) -> bool) -> usize {
    let end = title.words[last].end;
    let mut first = last;
    while first > 0 {
        let word = &title.words[first - 1];
        let text = title.word(word);
        // 第十三师 is part of a name, 2023年 of none.
        let number = word.kind == Kind::Whole && !text.starts_with('第');
        // 和 of 发展和改革委员会 and 规划 of 自然资源和规划局 are within a phrase.
        let phrase = title.phrases.iter().find(|phrase| phrase.start <= word.start && word.end <= phrase.end);
        let whole = phrase.map_or(text, |phrase| title.slice(phrase.clone()));
        let other = LISTS.no_names.contains(whole) || LISTS.is_particle(whole);
        if word.kind == Kind::Mark || number || other || end - word.start > longest || stops(first, word) {
            break;
        }
        first -= 1;
    }
    first
}

/// The names of places: 贵州省, 红枫湖镇, 黔东南苗族侗族自治州.
fn places_in(title: &Text) -> Vec<Range<usize>> {
    let suffixes: Vec<&str> = PLACES.split_whitespace().collect();
    let mut places: Vec<Range<usize>> = Vec::new();
    for (at, word) in title.words.iter().enumerate() {
        let text = title.word(word);
        if word.kind == Kind::Known && !suffixes.contains(&text) || word.kind == Kind::Whole {
            continue;
        }
        let Some(suffix) = suffixes.iter().find(|suffix| text.ends_with(**suffix)) else { continue };
        let length = word.end - word.start - suffix.chars().count();
        if length >= 2 {
            places.push(word.start..word.end);
            continue;
        }
        let before = places.last().map_or(0, |place| place.end);
        let suffix_start = word.end - suffix.chars().count();
        // 景德镇市: a place whose name ends like one.
        if suffix_start == before
            && let Some(place) = places.last_mut()
            && *suffix != "村"
        {
            place.end = word.end;
            continue;
        }
        let first = name_start(title, at, LONGEST_PLACE, &|first, next| {
            let name = suffix_start.saturating_sub(title.words[first].start);
            let ethnic = title.chars[next.end - 1] == '族' || title.chars[title.words[first].end - 1] == '族';
            // 样例市财政局样例县: the end of a body before it.
            let body = name >= 2 && "局厅委院部署处室会府所站队".contains(title.word(next));
            next.end <= before
                || next.kind == Kind::Whole
                || body
                || (name >= 2 && next.kind != Kind::Single && !ethnic && !suffix.starts_with("自治"))
        });
        let start = title.words[first].start;
        let least = if *suffix == "县" { 1 } else { 2 };
        if suffix_start >= start + least {
            places.push(start..word.end);
        }
    }
    places
}

/// The names of bodies with the places in front of them: 清镇市红枫湖镇人民政府办公室.
fn bodies_in(title: &Text, places: &[Range<usize>]) -> Vec<Range<usize>> {
    let suffixes: Vec<&str> = BODIES.split_whitespace().collect();
    let parts: Vec<&str> = PARTS_OF_BODIES.split_whitespace().collect();
    let mut bodies: Vec<Range<usize>> = Vec::new();
    for (at, word) in title.words.iter().enumerate() {
        let head = title.slice(0..word.end);
        let Some(suffix) = suffixes.iter().find(|suffix| head.ends_with(**suffix)) else { continue };
        let text = title.word(word);
        let short = suffix.chars().count() == 1;
        // 布局 and 干部 are no bodies; 财政局 is one.
        // 政府 of 政府信息公开 is part of another word.
        let within = title.phrases.iter().any(|phrase| phrase.start < word.end && word.end < phrase.end);
        if word.kind == Kind::Whole || within || (short && word.end - word.start == 2) {
            continue;
        }
        let before = bodies.last().map_or(0, |body| body.end);
        let of_place = |at: usize| places.iter().find(|place| place.end == at);
        let first = name_start(title, at, LONGEST_BODY, &|first, next| {
            next.end <= before || of_place(title.words[first].start).is_some()
        });
        let mut start = title.words[first].start;
        while let Some(place) = of_place(start).filter(|place| place.start >= before) {
            start = place.start;
        }
        let named = places.iter().any(|place| place.start == start) || title.starts(start, "中共");
        // A name needs more than the word that tells its kind.
        let bare = start + suffix.chars().count() >= word.end;
        match bodies.last_mut() {
            // 市委组织部, 公安局交通警察支队: a body of the one before it.
            Some(body) if body.end == start && !named && (!bare || parts.contains(suffix)) => {
                body.end = word.end
            }
            _ if bare && text.chars().count() < 4 => {}
            _ => bodies.push(start..word.end),
        }
    }
    bodies
}
