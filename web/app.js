// The page for clerks: from a file, a kind of document or a draft to both files, checked on the way.

import { make, clear, band, chosen, say, save } from './dom.js';
import { Report, get, parse, write, shown, number } from './report.js';
import { ask, post, useToken, Refused } from './service.js';
import { grid, pointerOf, show } from './grid.js';
import { prose, grow } from './prose.js';
import * as drafts from './drafts.js';
import * as tabs from './tabs.js';
import { compare, formOf, reportOf } from './compare.js';
import { corrections, isCorrected, mend } from './mend.js';
import { verify } from './verify.js';
import { t, switchLanguage } from './words.js';

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const DELAY = 250;
/** What was asked for last is shown, whatever answer comes first. */
let turn = 0;

start();

async function start() {
  turn += 1;
  const own = turn;
  band('');
  document.title = t('公文', 'gongwen');
  let layouts = [];
  let version = '';
  try {
    layouts = (await (await ask('GET', '/v1/layouts')).json()).layouts;
    version = (await (await fetch('/version')).json()).version;
  } catch (error) {
    if (own !== turn) {
      return;
    }
    if (error instanceof Refused && error.status === 401) {
      askToken();
      return;
    }
    band(t('服务没有回答，请稍后刷新。', 'The service does not answer; reload the page later.'));
  }
  if (own === turn) {
    doors(layouts, version);
  }
}

/** A service with a token asks for it once. */
function askToken() {
  clear(main);
  const field = make('input', { type: 'password', id: 'token', autocomplete: 'off' });
  main.appendChild(make('form', { class: 'doors', onsubmit: (event) => { event.preventDefault(); useToken(field.value.trim()); start(); } },
    make('h1', {}, t('公文', 'gongwen')),
    make('label', { for: 'token' }, t('这个服务要口令（令牌），向管理员索取', 'This service asks for a token; your administrator has it'), field),
    make('p', {}, make('button', { class: 'main' }, t('进入', 'Enter')))));
  field.focus();
}

function doors(layouts, version) {
  tabs.leave();
  document.onkeydown = null;
  document.onscroll = null;
  clear(main);
  const input = make('input', { type: 'file', hidden: true, onchange: () => chosen(input, open) });
  const from = make('section', { class: 'door' },
    make('h2', {}, t('从已有文件开始', 'Begin from a file')),
    make('p', {}, t('去年的 Word 文件、工作簿、门户网页、PDF 或报告（.json）：拖到这里，或选择；也可以在这一页按 Ctrl+V 粘贴整页内容。', 'Last year’s Word file, a workbook, a web page, a PDF or a report (.json): drop it here or choose it; or paste a whole page with Ctrl+V.')),
    make('button', { class: 'main', onclick: () => input.click() }, t('选择文件', 'Choose a file')), input);
  const layout = make('select', { id: 'layout' }, ...layouts.map((one) => make('option', { value: one.id }, one.name)));
  const annual = layouts.find((one) => one.id === 'disclosure-annual-report-2021');
  if (annual) {
    layout.value = annual.id;
  }
  const issuer = make('input', { id: 'issuer', placeholder: t('某某市教育局', '某某市教育局'), required: true });
  const year = make('input', { id: 'year', inputMode: 'numeric', value: String(new Date().getFullYear() - (new Date().getMonth() < 6 ? 1 : 0)) });
  const blank = make('form', { class: 'door', onsubmit: (event) => { event.preventDefault(); begin(layout.value, issuer.value.trim(), year.value.trim()); } },
    make('h2', {}, t('新建', 'New')),
    make('label', { for: 'layout' }, t('文件种类', 'Kind of document'), layout),
    make('label', { for: 'issuer' }, t('发文机关', 'Issuer'), issuer),
    make('label', { for: 'year' }, t('年度', 'Year'), year),
    make('button', { class: 'main' }, t('开始填写', 'Begin')));
  const kept = drafts.all();
  const list = make('ul', { class: 'drafts' }, ...kept.map((draft) => make('li', {},
    make('button', { class: 'link', onclick: () => bench(parse(draft.text), { draft: draft.key, other: draft.other }) }, draft.name),
    make('div', { class: 'quiet' }, new Date(draft.time).toLocaleString(), ' ',
      make('button', { class: 'link', onclick: () => { drafts.forget(draft.key); doors(layouts, version); }, 'aria-label': t('删去草稿 ', 'remove the draft ') + draft.name }, t('删去', 'remove'))))));
  const drafted = make('section', { class: 'door' }, make('h2', {}, t('继续草稿', 'Go on with a draft')),
    kept.length ? list : make('p', { class: 'quiet' }, t('这个浏览器里还没有草稿。', 'This browser has no drafts yet.')));
  const result = make('div', {});
  const signed = make('input', { type: 'file', hidden: true, accept: '.pdf,.zip', onchange: () => chosen(signed, (file) => verify(result, file)) });
  const page = make('div', { class: 'doors' },
    make('h1', {}, t('公文', '公文 gongwen')),
    make('p', {}, t('填一次，得到排好版的 PDF 和 Word，数字先替您核对。', 'Fill it in once; get the PDF and the Word file, with the figures checked.')),
    make('ul', {}, ...[from, blank, drafted].map((door) => make('li', {}, door))),
    make('h2', {}, t('核验', 'Verify')),
    make('p', {}, t('查一份签过名的 PDF 或归档包（.zip）是否完好、是谁签的。', 'Whether a signed PDF or an archive (.zip) is intact, and who signed it.')),
    make('button', { onclick: () => signed.click() }, t('选择签名文件', 'Choose a signed file')), signed, result,
    make('footer', { class: 'quiet' },
      t('服务器上不保存任何内容；草稿只在这个浏览器里。', 'Nothing is kept on the server; drafts are in this browser alone. '), ' gongwen ' + version + ' · ',
      make('a', { href: '/openapi.json' }, 'OpenAPI'), ' · ',
      make('button', { class: 'link', onclick: () => { switchLanguage(); start(); } }, t('English', '中文'))));
  from.addEventListener('dragover', (event) => { event.preventDefault(); from.classList.add('over'); });
  from.addEventListener('dragleave', () => from.classList.remove('over'));
  from.addEventListener('drop', (event) => {
    event.preventDefault();
    from.classList.remove('over');
    if (event.dataTransfer && event.dataTransfer.files[0]) {
      open(event.dataTransfer.files[0]);
    }
  });
  main.onpaste = (event) => {
    if (event.target instanceof HTMLInputElement || !event.clipboardData) {
      return;
    }
    const html = event.clipboardData.getData('text/html');
    const text = event.clipboardData.getData('text/plain');
    if (html || text) {
      event.preventDefault();
      read(new Blob([html ? '<meta charset="utf-8">' + html : text]), t('粘贴的内容', 'what was pasted') + (html ? '.html' : '.txt'));
    }
  };
  main.appendChild(page);
}

/** Whether no files are made while it stands: errors, and figures that are not known yet. */
function prevents(finding) {
  return finding.severity === 'error' || finding.rule === 'figure.open';
}

async function begin(layout, issuer, year) {
  try {
    const address = '/v1/layouts/' + encodeURIComponent(layout) + '/blank?issuer=' + encodeURIComponent(issuer) + '&year=' + encodeURIComponent(year);
    const text = await (await ask('GET', address)).text();
    const report = parse(text);
    delete report.$schema;
    await bench(report, {});
  } catch (error) {
    band(t('没有开始成：', 'It could not be begun: ') + error.message);
  }
}

/** A report is opened as it is; any other file is read by the service. */
async function open(file) {
  if (/\.json$/i.test(file.name)) {
    try {
      await bench(parse(await new Response(file).text()), {});
    } catch (error) {
      band(t('这个 .json 文件读不懂：', 'This .json file cannot be read: ') + error.message);
    }
    return;
  }
  await read(file, file.name);
}

async function read(blob, name) {
  band(t('正在读入 ', 'reading ') + name + '……');
  try {
    const text = await (await ask('POST', '/v1/import?name=' + encodeURIComponent(name), blob, 'application/octet-stream')).text();
    const found = parse(text);
    const places = new Map();
    (found.places && found.places.figures || []).forEach((figure) => {
      if (figure.place) {
        places.set(figure.pointer, figure.place.text);
      }
    });
    const figures = found.places && found.places.figures || [];
    const missing = figures.filter((figure) => figure.state === 'missing' || figure.state === 'doubtful').length;
    await bench(found.report, { places, unplaced: found.places ? found.places.unplaced : [] });
    band(figures.length
      ? t('从“' + name + '”填了 ' + (figures.length - missing) + ' 格，' + missing + ' 格没认出。', 'Filled ' + (figures.length - missing) + ' cells from “' + name + '”; ' + missing + ' were not recognised.')
      : t('已从“' + name + '”读入。', 'Read from “' + name + '”.'));
  } catch (error) {
    band(t('没有读入“' + name + '”：', '“' + name + '” was not read: ') + error.message);
  }
}

/**
 * What a report on the workbench comes from.
 * @typedef {Object} From
 * @property {Map<string, string>} [places] where figures stand in the file
 * @property {Array<*>} [unplaced] what of the file found no place
 * @property {string} [draft] the key of the draft that it was
 * @property {import('./compare.js').Other} [other] the report that it is compared with
 */

/** The workbench. @param {*} value the report @param {From} from */
async function bench(value, from) {
  turn += 1;
  const asked = turn;
  let schema;
  try {
    schema = await (await ask('GET', '/v1/layouts/' + encodeURIComponent(value.layout) + '/schema')).json();
  } catch (error) {
    band(error instanceof Refused
      ? t('没有这种文件的版式：', 'There is no such layout: ') + value.layout + '（' + error.message + '）'
      : error.message);
    return;
  }
  if (asked !== turn) {
    return;
  }
  band('');
  main.onpaste = null;
  clear(main);
  const report = new Report(value);
  // Another draft of the same kind, issuer and year stays beside this one.
  if (from.draft !== drafts.keyOf(value)) {
    drafts.setAside(drafts.keyOf(value), write(value));
    if (from.draft) {
      drafts.move(from.draft, drafts.keyOf(value));
    }
  }
  const places = from.places || new Map();
  let other = from.other;
  /** @type {Array<*>} */
  let findings = [];
  /** @type {*} */
  let filled = null;
  let latest = 0;
  let timer = 0;
  let current = '';
  let failing = false;
  const seen = (pointer) => {
    current = pointer;
    turnTo(pointer);
    tellHere();
  };

  const title = make('h1', {});
  const saved = make('span', { class: 'quiet' });
  const pdf = make('button', { class: 'main', onclick: () => download('pdf') }, 'PDF');
  const word = make('button', { class: 'main', onclick: () => download('docx') }, 'Word');
  const both = make('button', { onclick: () => download('zip') }, t('全部（.zip）', 'All (.zip)'));
  const layout = make('div', { class: 'bench' });
  const bar = make('div', { class: 'bar', role: 'region', 'aria-label': t('这份文件', 'this document') }, title, saved,
    make('button', { onclick: () => report.undo() }, t('撤销', 'Undo')),
    make('button', { onclick: () => { flush(); start(); } }, t('返回', 'Back')),
    make('button', { onclick: () => { flush(); save(new Blob([write(report.value)], { type: 'application/json' }), name() + '.json'); } }, t('存为文件', 'Save as a file')),
    make('button', { onclick: () => go('compare') }, t('对照', 'Compare')),
    make('button', { class: 'show-pages', onclick: () => layout.classList.toggle('with-pages') }, t('版面', 'Pages')),
    make('span', { class: 'quiet' }, t('下载：', 'Download:')), pdf, word, both);
  const parts = make('ol', {});
  const form = make('div', { class: 'form' });
  const pages = make('aside', { class: 'pages', tabIndex: 0, 'aria-label': t('版面', 'pages') });
  const summary = make('span', {});
  const list = make('ul', { hidden: true });
  // What there is to say of the field in use, always in view: in a tall table its sentence stands far below.
  const here = make('div', { class: 'here' });
  const correct = make('button', { hidden: true, onclick: () => correctAll() });
  const foot = make('div', { class: 'foot', role: 'region', 'aria-label': t('检查结果', 'findings') }, summary, ' ',
    make('button', { onclick: next }, t('下一处 F8', 'Next F8')), ' ',
    make('button', { onclick: () => { list.hidden = !list.hidden; } }, t('列出全部', 'List all')), ' ', correct, here, list);
  layout.appendChild(make('nav', { class: 'parts', 'aria-label': t('目录', 'contents') }, parts));
  layout.appendChild(form);
  layout.appendChild(pages);
  main.appendChild(bar);
  main.appendChild(layout);
  main.appendChild(foot);

  function name() {
    return (shown(report.value.title) || [drafts.keyOf(report.value).split('|')[1], shown(report.value.year)].join('')).replace(/\n/g, '') || 'report';
  }

  // The form, by the schema of the layout.
  const properties = schema.properties;
  const resolved = (part) => (part.$ref ? part.$ref.split('/').slice(1).reduce((value, key) => value[key], schema) : part);
  const section = (id, words) => {
    const head = make('h2', { id, tabIndex: -1 }, words);
    parts.appendChild(make('li', {}, make('a', { href: '#' + id, 'data-part': id }, words)));
    form.appendChild(head);
  };
  const field = (pointer, words, options) => {
    const input = make((options && options.area) ? 'textarea' : 'input', {
      'data-pointer': pointer, rows: 1,
      onfocus: () => seen(pointer),
      onchange: () => {
        const text = input.value.trim();
        const read = options && options.read;
        report.change([[pointer, text === '' ? undefined : read ? read(text) : text]]);
      },
    });
    const write = options && options.write;
    const draw = () => {
      if (document.activeElement !== input) {
        const held = report.get(pointer);
        input.value = write ? write(held) : shown(held);
      }
    };
    draw();
    report.listeners.push(draw);
    return make('label', {}, make('span', {}, words), input);
  };
  /** Whether the document has a part, by a box to tick. */
  const ticked = (pointer, words) => {
    const box = make('input', {
      type: 'checkbox', 'data-pointer': pointer,
      onfocus: () => seen(pointer),
      onchange: () => {
        if (box.checked !== (report.get(pointer) !== undefined)) {
          report.change([[pointer, box.checked ? {} : undefined]]);
        }
      },
    });
    const draw = () => { box.checked = report.get(pointer) !== undefined; };
    draw();
    report.listeners.push(draw);
    return make('label', { class: 'tick' }, box, ' ', make('span', {}, words));
  };
  const lines = { area: true, read: (text) => text.split('\n').map((one) => one.trim()).filter((one) => one !== ''), write: (held) => (held || []).join('\n') };
  const names = { read: (text) => (text.includes('、') ? text.split('、') : text), write: (held) => (Array.isArray(held) ? held.join('、') : shown(held)) };
  const several = { read: (text) => text.split(/[、，,;；]/).map((one) => one.trim()).filter((one) => one !== ''), write: (held) => (held || []).join('、') };
  /** The lines under a title, of the document or of the text that it issues. */
  const below = (pointer) => [
    field(pointer + '/subtitle', t('副标题', 'subtitle')),
    field(pointer + '/title_note', t('题注，如 2025年1月16日市政府第1次常务会议通过', 'note under the title, such as when it was passed')),
    field(pointer + '/byline', t('标题下的其他各行（报告人、日期）', 'other lines under the title'), lines),
  ];
  section('basic', t('基本信息', 'Basics'));
  const basics = make('div', { class: 'fields' },
    field('/issuer', t('发文机关（几个的用顿号隔开）', 'issuer (several with 、 between)'), names),
    field('/year', t('年度', 'year'), { read: number }),
    field('/title', t('标题（不写时由程序拟定）', 'title (made by the program where it is empty)'), { area: true }),
    field('/signature/date', t('成文日期，如 2026-01-20', 'date of issue, such as 2026-01-20')));
  const has = (key) => properties[key] !== undefined && (report.get('/' + key) !== undefined || !['letterhead', 'addressee', 'colophon', 'remark'].includes(key));
  // The form of an annual report is fixed: it has these only where its report does.
  const isFree = !(properties.sections && properties.sections.properties);
  const front = ['cover', 'contents', 'subtitle', 'title_note', 'byline'];
  if (isFree || front.some((key) => report.get('/' + key) !== undefined)) {
    below('').forEach((one) => basics.appendChild(one));
    basics.appendChild(ticked('/cover', t('有封面', 'with a cover')));
    basics.appendChild(ticked('/contents', t('有目录', 'with a table of contents')));
  }
  if (has('addressee')) {
    basics.appendChild(field('/addressee', t('主送机关', 'addressee')));
  }
  form.appendChild(basics);
  section('preamble', t('开头', 'Opening'));
  form.appendChild(prose(report, '/preamble', t('开头', 'Opening'), seen));
  const sections = properties.sections;
  const placed = [];
  const tableOf = (key) => {
    placed.push(key);
    const spec = properties.tables.properties[key];
    form.appendChild(make('h3', {}, spec.description));
    form.appendChild(grid(report, key, spec, { seen, tell: band, read: readTable }));
  };
  const numerals = '一二三四五六七八九十'.split('');
  if (sections && sections.properties) {
    Object.keys(sections.properties).forEach((key, at) => {
      const words = (numerals[at] || at + 1) + '、' + sections.properties[key].description;
      section('section-' + key, words);
      form.appendChild(prose(report, '/sections/' + key, words, seen));
      (sections.properties[key]['x-tables'] || []).forEach(tableOf);
    });
  } else if (sections) {
    (report.get('/sections') || []).forEach((one, at) => {
      const words = shown(one.title) || t('第 ', 'part ') + (at + 1) + t(' 部分', '');
      section('section-' + at, words);
      form.appendChild(make('div', { class: 'fields' }, field('/sections/' + at + '/title', t('这一部分的标题', 'title of this part'))));
      form.appendChild(prose(report, '/sections/' + at + '/body', words, seen));
    });
  }
  if (report.get('/attendance') !== undefined) {
    section('attendance', t('出席、请假、列席', 'Attendance'));
    form.appendChild(make('div', { class: 'fields' },
      field('/attendance/present', t('出席（用顿号隔开）', 'present (with 、 between)'), several),
      field('/attendance/excused', t('请假', 'excused'), several),
      field('/attendance/observers', t('列席', 'observers'), several)));
  }
  if (report.get('/issued_text') !== undefined) {
    section('issued', t('印发件', 'Text that is issued'));
    form.appendChild(make('div', { class: 'fields' },
      field('/issued_text/title', t('印发件的标题', 'title of the text that is issued'), { area: true }), ...below('/issued_text')));
    form.appendChild(prose(report, '/issued_text/body', t('印发件', 'Text that is issued'), seen));
    (report.get('/issued_text/sections') || []).forEach((one, at) => {
      const place = '/issued_text/sections/' + at;
      form.appendChild(make('div', { class: 'fields' }, field(place + '/title', t('这一部分的标题', 'title of this part'))));
      form.appendChild(prose(report, place + '/body', shown(one.title), seen));
    });
    (report.get('/issued_text/attachments') || []).forEach((_, at) => {
      const place = '/issued_text/attachments/' + at;
      form.appendChild(make('div', { class: 'fields' }, field(place + '/title', t('印发件的附件标题', 'title of its attachment'))));
      form.appendChild(prose(report, place + '/body', t('印发件的附件', 'its attachment'), seen));
    });
  }
  const tables = properties.tables && properties.tables.properties || {};
  Object.keys(tables).filter((key) => !placed.includes(key)).forEach((key) => {
    section('table-' + key, tables[key].description);
    tableOf(key);
  });
  (report.get('/attachments') || []).forEach((_, at) => {
    section('attachment-' + at, t('附件', 'Attachment ') + (at + 1));
    form.appendChild(make('div', { class: 'fields' }, field('/attachments/' + at + '/title', t('附件标题', 'title'))));
    form.appendChild(prose(report, '/attachments/' + at + '/body', t('附件', 'Attachment ') + (at + 1), seen));
  });
  section('metadata', t('目录信息（索引号等）', 'Metadata (index number and others)'));
  const metadata = resolved(properties.metadata).properties;
  form.appendChild(make('div', { class: 'fields' }, ...Object.keys(metadata).map((key) => {
    // 公开方式: `主动公开`. — the name of the field, and what may stand there.
    const [, name, , example] = /^([^.:;]+)(:[^`]*`([^`]*)`)?/.exec(metadata[key].description) || ['', key, '', ''];
    const words = t(name, key.replace(/_/g, ' ')) + (example ? t('，如 ', ', such as ') + example : '');
    return field('/metadata/' + key, words, metadata[key].type === 'array' ? several : undefined);
  })));
  section('compare', t('对照', 'Comparison'));
  const compared = make('div', {});
  form.appendChild(compareTools());
  form.appendChild(compared);
  if (from.unplaced && from.unplaced.length) {
    section('unplaced', t('没有放进去的', 'What found no place'));
    form.appendChild(make('ul', {}, ...from.unplaced.map((one) => make('li', {}, shown(one.text) + '（' + (one.place ? one.place.text : '') + '）'))));
  }
  Array.from(form.querySelectorAll('textarea')).forEach(grow);

  // A change: shown, kept as a draft, checked.
  report.listeners.push(() => later());
  function later() {
    show(form, report, filled, places);
    title.textContent = name();
    const key = drafts.keyOf(report.value);
    tabs.enter(key, (isShared) => band(isShared
      ? t('同一份草稿在另一个标签页里也打开着：后存的会盖掉先存的。请只留一个。', 'This draft is open in another tab, too: what is kept last counts. Leave only one open.')
      : '', 'tabs'));
    const kept = drafts.keep(key, write(report.value), name(), other);
    saved.textContent = kept
      ? t('草稿已存 ', 'draft kept ') + new Date().toTimeString().slice(0, 5)
      : t('草稿存不下，请存为文件', 'no room for the draft: save it as a file');
    clearTimeout(timer);
    timer = setTimeout(check, DELAY);
  }
  // What is being typed is kept, too: a tab may be closed at any time. Never while an input method composes.
  let typing = 0;
  const typed = () => {
    clearTimeout(typing);
    const active = document.activeElement;
    if (active && form.contains(active) && active.hasAttribute('data-pointer')) {
      active.dispatchEvent(new Event('change', { bubbles: true }));
    }
  };
  const soon = (event) => {
    clearTimeout(typing);
    if (event.type === 'compositionend' || !event.isComposing) {
      typing = setTimeout(typed, DELAY);
    }
  };
  form.addEventListener('input', soon);
  // What is typed into a field in one go is one step of undo, however often it was kept meanwhile.
  form.addEventListener('focusout', () => report.seal());
  form.addEventListener('compositionend', soon);
  window.addEventListener('pagehide', typed);

  /** What is being typed counts. */
  function flush() {
    const active = document.activeElement;
    if (active instanceof HTMLElement && form.contains(active)) {
      active.blur();
    }
  }

  async function check() {
    latest += 1;
    const own = latest;
    const text = write(report.value);
    try {
      const answer = parse(await (await (other && other.isLastYear
        ? ask('POST', '/v1/check', formOf({ report: text, previous: other.text }))
        : post('/v1/check', text))).text());
      if (own !== latest) {
        return;
      }
      if (failing) {
        failing = false;
        band('');
      }
      findings = answer.findings;
      filled = answer.filled;
    } catch (error) {
      if (own === latest) {
        failing = true;
        band(error instanceof Refused
          ? t('服务没有检查成：', 'The service did not check it: ') + error.message
          : t('服务没有回答；您可以接着填，草稿照存，稍后再试。', 'The service does not answer; go on, drafts are kept, it will be tried again.'));
        timer = setTimeout(check, 5000);
      }
      return;
    }
    show(form, report, filled, places);
    tell();
    const chosenOther = other;
    if (chosenOther) {
      compare(compared, chosenOther, text, labelOf, go, () => own === latest && other === chosenOther);
    }
    draw(own, text);
  }

  /** What a report is compared with: chosen, named, put away. */
  function compareTools() {
    const said = make('p', {});
    const away = make('button', { type: 'button', onclick: () => set(undefined) }, t('不再对照', 'Stop comparing'));
    const choose = (words, isLastYear) => {
      const input = make('input', {
        type: 'file', hidden: true, accept: '.json,.docx,.pdf,.html,.htm,.mht,.xlsx,.csv,.txt', 'aria-label': words,
        onchange: () => chosen(input, async (file) => {
          try {
            set({ name: file.name, text: await reportOf(file), isLastYear });
          } catch (error) {
            said.textContent = t('没有读入“' + file.name + '”：', '“' + file.name + '” was not read: ') + error.message;
          }
        }),
      });
      return make('span', {}, make('button', { type: 'button', onclick: () => input.click() }, words), input);
    };
    const set = (chosen) => {
      other = chosen;
      clear(compared);
      draw();
      later();
    };
    const draw = () => {
      away.hidden = !other;
      said.textContent = !other
        ? t('打开去年的报告，核对上年结转、现行有效件数和照抄的段落，并列出不同；打开另一个版本，只列出不同。', 'Open last year’s report to check what was carried over, what is in force and what was copied, and to see what differs; open another version to see what differs.')
        : other.isLastYear
          ? t('去年的报告是“' + other.name + '”，检查也用它。', 'Last year’s report is “' + other.name + '”; the checks look at it, too.')
          : t('另一个版本是“' + other.name + '”。', 'The other version is “' + other.name + '”.');
    };
    draw();
    return make('div', { class: 'tools' }, said,
      choose(t('打开去年的报告…', 'Open last year’s report…'), true), choose(t('打开另一个版本…', 'Open another version…'), false), away);
  }

  /** The words of the form for a place. */
  function labelOf(pointer) {
    const found = form.querySelector('[data-pointer="' + pointer.replace(/["\\]/g, '') + '"]');
    const words = found && (found.getAttribute('aria-label') || (found.previousElementSibling && found.previousElementSibling.textContent));
    return words || null;
  }

  /** A table with its labels that was pasted: the service finds where each figure belongs. */
  async function readTable(html, text) {
    const part = new Blob([html ? '<meta charset="utf-8">' + html : text]);
    const wrong = t('粘贴的内容里有行名或列名，但没有对上表格，没有放进去。可以只复制数字再粘贴。', 'What was pasted has labels that fit no table here, and was left out. Copy the figures alone and paste them.');
    let found;
    try {
      const address = '/v1/import?layout=' + encodeURIComponent(report.value.layout) + '&name=' + encodeURIComponent(html ? 'a.html' : 'a.txt');
      found = parse(await (await ask('POST', address, part, 'application/octet-stream')).text());
    } catch (error) {
      band(wrong);
      return;
    }
    const specs = properties.tables && properties.tables.properties || {};
    const changes = [];
    const figures = found.places && found.places.figures || [];
    Object.keys(specs).forEach((key) => specs[key]['x-grid'].filter((cell) => cell.figures !== undefined).forEach((cell) => {
      const source = pointerOf(new Report(found.report), key, cell);
      const figure = figures.find((one) => one.pointer === source);
      const target = pointerOf(report, key, cell);
      if (figure && figure.place && figure.state !== 'missing') {
        changes.push([target, get(found.report, source)]);
        places.set(target, t('粘贴的内容，', 'what was pasted, ') + figure.place.text);
      }
    }));
    if (changes.length === 0) {
      band(wrong);
      return;
    }
    report.change(changes);
    const doubtful = changes.filter(([, value]) => value === null).length;
    band(t('按行名和列名填了 ' + (changes.length - doubtful) + ' 格' + (doubtful ? '，' + doubtful + ' 格没认出' : '') + '。按 Ctrl+Z 或“撤销”取消。',
      'Filled ' + (changes.length - doubtful) + ' cells by their labels' + (doubtful ? '; ' + doubtful + ' were not recognised' : '') + '. Ctrl+Z or Undo takes it back.'));
  }

  /** All slips that the service corrects, in one step. */
  async function correctAll() {
    flush();
    try {
      const changes = await corrections(report);
      report.change(changes);
      band(t('改正了 ' + changes.length + ' 处文字，可以撤销。', 'Corrected ' + changes.length + ' texts; it can be undone.'));
    } catch (error) {
      band(t('没有改正成：', 'It was not corrected: ') + error.message);
    }
  }

  /** The field of a finding: its own, or the nearest that is there. */
  function fieldOf(pointer) {
    let place = pointer;
    while (place !== '') {
      const found = form.querySelector('[data-pointer="' + place.replace(/"/g, '') + '"]') || form.querySelector('[data-pointer="' + place.replace(/"/g, '') + '/0"]');
      if (found) {
        return /** @type {HTMLElement} */ (found);
      }
      place = place.slice(0, place.lastIndexOf('/'));
    }
    return null;
  }

  function go(pointer) {
    const target = (pointer.startsWith('/') ? fieldOf(pointer) : document.getElementById(pointer)) || document.getElementById('basic');
    if (target) {
      target.scrollIntoView({ block: 'center' });
      target.focus();
    }
  }

  function sentence(finding) {
    const words = finding.severity === 'error' ? t('错误', 'Error') : finding.severity === 'warning' ? t('提示', 'Hint') : t('说明', 'Note');
    const hint = finding.hint ? t(finding.hint.zh, finding.hint.en) : '';
    return make('div', { class: 'finding ' + finding.severity }, make('b', {}, words + t('：', ': ')), t(finding.message, finding.message_en), hint ? t('。', '. ') + hint : '', ' ',
      mend(finding, report, go, (why) => band(t('没有改正成：', 'It was not corrected: ') + why)));
  }

  function tellHere() {
    clear(here);
    findings.filter((finding) => finding.field && finding.field.getAttribute('data-pointer') === current).forEach((finding) => here.appendChild(sentence(finding)));
  }

  function tell() {
    Array.from(form.querySelectorAll('[aria-describedby]')).forEach((one) => {
      one.removeAttribute('aria-describedby');
      one.removeAttribute('aria-invalid');
    });
    Array.from(form.querySelectorAll('.finding')).forEach((one) => one.parentElement && one.parentElement.removeChild(one));
    Array.from(form.querySelectorAll('.error, .warning')).forEach((one) => one.classList.remove('error', 'warning'));
    Array.from(parts.querySelectorAll('.count')).forEach((one) => one.parentElement && one.parentElement.removeChild(one));
    clear(list);
    const counts = new Map();
    findings.forEach((finding, number) => {
      const target = fieldOf(finding.pointer);
      finding.field = target;
      if (target) {
        const frame = target.parentElement && target.parentElement.tagName === 'TD' ? target.parentElement : target;
        frame.classList.add(finding.severity);
        const holder = target.closest('.sheet') || target.closest('.block') || target.closest('label') || target;
        const note = sentence(finding);
        note.id = 'finding-' + number;
        target.setAttribute('aria-describedby', ((target.getAttribute('aria-describedby') || '') + ' ' + note.id).trim());
        if (finding.severity === 'error') {
          target.setAttribute('aria-invalid', 'true');
        }
        holder.insertAdjacentElement('afterend', note);
        let head = note.previousElementSibling;
        let node = /** @type {Element|null} */ (holder);
        while (node && !(node.tagName === 'H2')) {
          head = node.previousElementSibling;
          node = head || (node.parentElement === form ? null : node.parentElement);
        }
        if (node) {
          counts.set(node.id, (counts.get(node.id) || 0) + 1);
        }
      }
      list.appendChild(make('li', {}, make('button', { class: 'link', onclick: () => go(finding.pointer) }, (finding.label ? finding.label + t('：', ': ') : '') + t(finding.message, finding.message_en))));
    });
    tellHere();
    counts.forEach((count, id) => {
      const link = parts.querySelector('[data-part="' + id + '"]');
      if (link) {
        link.appendChild(make('span', { class: 'count' }, String(count)));
      }
    });
    const errors = findings.filter((finding) => finding.severity === 'error').length;
    const rest = findings.length - errors;
    const words = errors + rest === 0 ? t('没有发现问题。', 'Nothing was found.') : t(errors + ' 处错误，' + rest + ' 处提示。', errors + ' errors, ' + rest + ' hints.');
    if (summary.textContent !== words) {
      summary.textContent = words;
      say(words);
    }
    const slips = findings.filter(isCorrected).length;
    correct.hidden = slips === 0;
    correct.textContent = t('自动改正 ' + slips + ' 处文字', 'Correct ' + slips + ' texts');
    const open = findings.filter(prevents).length - errors;
    pdf.textContent = errors
      ? t('有 ' + errors + ' 处错误', errors + ' errors')
      : open ? t('还有 ' + open + ' 格没有数字', open + ' cells have no figure') : 'PDF';
    word.hidden = errors + open > 0;
    both.hidden = errors + open > 0;
  }

  function next() {
    if (findings.length === 0) {
      return;
    }
    // Several sentences may be about one field; the next one is another field.
    const places = findings
      .map((finding) => (finding.field ? finding.field.getAttribute('data-pointer') : ''))
      .filter((pointer, at, all) => all.indexOf(pointer) === at);
    const place = places[(places.indexOf(current) + 1) % places.length];
    go(place);
    current = place;
  }
  document.onkeydown = (event) => {
    if (event.key === 'F8') {
      event.preventDefault();
      next();
    }
  };

  // The pages beside the form: only those that changed are fetched.
  const known = new Map();
  let shownPages = [];
  async function draw(own, text) {
    const hidden = pages.offsetParent === null && !layout.classList.contains('with-pages');
    // A report that no files are made of has no pages; the findings say why.
    if (hidden || findings.some(prevents)) {
      if (shownPages.length === 0 && !hidden) {
        clear(pages);
        pages.appendChild(make('p', { class: 'quiet' }, t('改正错误、填上数字以后，这里是排好的版面。', 'Once errors are corrected and figures given, the finished pages are here.')));
      }
      return;
    }
    let answer;
    try {
      answer = await (await post('/v1/preview?dpi=96&known=' + Array.from(known.keys()).join(','), text)).json();
    } catch (error) {
      // The pages stay as they were; the check has told why the service does not answer.
      return;
    }
    if (own !== latest) {
      return;
    }
    shownPages = answer.pages;
    const top = pages.scrollTop;
    const fresh = new Map();
    clear(pages);
    answer.pages.forEach((page, at) => {
      const picture = page.png || known.get(page.sha256) || '';
      fresh.set(page.sha256, picture);
      const image = make('img', { src: picture, alt: t('第 ', 'page ') + (at + 1) + t(' 页', ''), onclick: (event) => click(event, image, page) });
      pages.appendChild(make('figure', {}, image, make('figcaption', {}, t('第 ' + (at + 1) + ' 页 / 共 ' + answer.pages.length + ' 页', 'page ' + (at + 1) + ' of ' + answer.pages.length))));
    });
    known.clear();
    fresh.forEach((picture, sha) => known.set(sha, picture));
    pages.scrollTop = top;
  }

  /** A click on a page goes to the field of what is there. */
  function click(event, image, page) {
    const scale = page.width / image.clientWidth;
    const x = event.offsetX * scale;
    const y = event.offsetY * scale;
    const inside = (page.boxes || []).filter((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
    inside.sort((one, other) => one.width * one.height - other.width * other.height);
    if (inside[0]) {
      go(inside[0].pointer);
    }
  }

  function turnTo(pointer) {
    const at = shownPages.findIndex((page) => (page.boxes || []).some((box) => box.pointer === pointer || pointer.startsWith(box.pointer + '/') || box.pointer.startsWith(pointer + '/')));
    const figure = pages.children[at];
    if (figure instanceof HTMLElement) {
      pages.scrollTop = figure.offsetTop - 16;
    }
  }

  async function download(as) {
    flush();
    const first = findings.find((finding) => finding.severity === 'error') || findings.find(prevents);
    if (first) {
      go(first.pointer);
      return;
    }
    try {
      const response = await post('/v1/export?as=' + as, write(report.value));
      const count = Number(response.headers.get('X-Gongwen-Findings') || 0);
      save(await response.blob(), name() + '.' + as);
      band(t('已下载 ', 'Downloaded ') + name() + '.' + as + (count ? t('，有 ' + count + ' 处提示。', ', with ' + count + ' hints.') : t('。', '.')));
    } catch (error) {
      band(t('没有生成：', 'It was not made: ') + error.message);
    }
  }

  // The part in view.
  document.onscroll = () => {
    const heads = Array.from(form.querySelectorAll('h2'));
    const here = heads.filter((head) => head.getBoundingClientRect().top < 160).pop() || heads[0];
    Array.from(parts.querySelectorAll('a')).forEach((link) => link.classList.toggle('here', Boolean(here) && link.getAttribute('data-part') === here.id));
  };
  later();
  main.focus();
  window.scrollTo(0, 0);
}
