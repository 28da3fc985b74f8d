// The page for clerks: from a file, a kind of document or a draft to both files, checked on the way.

import { make, clear, band, say, save } from './dom.js';
import { Report, parse, write, shown, number } from './report.js';
import { ask, post, useToken, Refused } from './service.js';
import { grid, show } from './grid.js';
import { prose, grow } from './prose.js';
import * as drafts from './drafts.js';
import { verify } from './verify.js';
import { t, switchLanguage } from './words.js';

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const DELAY = 250;

start();

async function start() {
  band('');
  document.title = t('公文', 'gongwen');
  let layouts = [];
  let version = '';
  try {
    layouts = (await (await ask('GET', '/v1/layouts')).json()).layouts;
    version = (await (await fetch('/version')).json()).version;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      askToken();
      return;
    }
    band(t('服务没有回答，请稍后刷新。', 'The service does not answer; reload the page later.'));
  }
  doors(layouts, version);
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
  clear(main);
  const input = make('input', { type: 'file', hidden: true, onchange: () => input.files[0] && open(input.files[0]) });
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
    make('button', { class: 'link', onclick: () => bench(parse(draft.text), { draft: draft.key }) }, draft.name),
    make('div', { class: 'quiet' }, new Date(draft.time).toLocaleString(), ' ',
      make('button', { class: 'link', onclick: () => { drafts.forget(draft.key); doors(layouts, version); }, 'aria-label': t('删去草稿 ', 'remove the draft ') + draft.name }, t('删去', 'remove'))))));
  const drafted = make('section', { class: 'door' }, make('h2', {}, t('继续草稿', 'Go on with a draft')),
    kept.length ? list : make('p', { class: 'quiet' }, t('这个浏览器里还没有草稿。', 'This browser has no drafts yet.')));
  const result = make('div', {});
  const signed = make('input', { type: 'file', hidden: true, accept: '.pdf,.zip', onchange: () => signed.files[0] && verify(result, signed.files[0]) });
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

/** The workbench. @param {*} value the report @param {{places?: Map<string, string>, unplaced?: Array<*>}} from */
async function bench(value, from) {
  let schema;
  try {
    schema = await (await ask('GET', '/v1/layouts/' + encodeURIComponent(value.layout) + '/schema')).json();
  } catch (error) {
    band(error instanceof Refused
      ? t('没有这种文件的版式：', 'There is no such layout: ') + value.layout + '（' + error.message + '）'
      : error.message);
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
  let findings = [];
  let filled = null;
  let latest = 0;
  let timer = 0;
  let current = '';
  let failing = false;
  const seen = (pointer) => {
    current = pointer;
    turnTo(pointer);
  };

  const title = make('h1', {});
  const saved = make('span', { class: 'quiet' });
  const pdf = make('button', { class: 'main', onclick: () => download('pdf') }, 'PDF');
  const word = make('button', { class: 'main', onclick: () => download('docx') }, 'Word');
  const both = make('button', { onclick: () => download('zip') }, t('全部（.zip）', 'All (.zip)'));
  const layout = make('div', { class: 'bench' });
  const bar = make('div', { class: 'bar', role: 'banner' }, title, saved,
    make('button', { onclick: () => report.undo() }, t('撤销', 'Undo')),
    make('button', { onclick: () => { flush(); start(); } }, t('返回', 'Back')),
    make('button', { onclick: () => { flush(); save(new Blob([write(report.value)], { type: 'application/json' }), name() + '.json'); } }, t('存为文件', 'Save as a file')),
    make('button', { class: 'show-pages', onclick: () => layout.classList.toggle('with-pages') }, t('版面', 'Pages')),
    make('span', { class: 'quiet' }, t('下载：', 'Download:')), pdf, word, both);
  const parts = make('ol', {});
  const form = make('div', { class: 'form' });
  const pages = make('aside', { class: 'pages', tabIndex: 0, 'aria-label': t('版面', 'pages') });
  const summary = make('span', {});
  const list = make('ul', {});
  list.hidden = true;
  const foot = make('div', { class: 'foot', role: 'region', 'aria-label': t('检查结果', 'findings') }, summary, ' ',
    make('button', { onclick: next }, t('下一处 F8', 'Next F8')), ' ',
    make('button', { onclick: () => { list.hidden = !list.hidden; } }, t('列出全部', 'List all')), list);
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
  const names = { read: (text) => (text.includes('、') ? text.split('、') : text), write: (held) => (Array.isArray(held) ? held.join('、') : shown(held)) };
  section('basic', t('基本信息', 'Basics'));
  const basics = make('div', { class: 'fields' },
    field('/issuer', t('发文机关（几个的用顿号隔开）', 'issuer (several with 、 between)'), names),
    field('/year', t('年度', 'year'), { read: number }),
    field('/title', t('标题（不写时由程序拟定）', 'title (made by the program where it is empty)'), { area: true }),
    field('/signature/date', t('成文日期，如 2026-01-20', 'date of issue, such as 2026-01-20')));
  const has = (key) => properties[key] !== undefined && (report.get('/' + key) !== undefined || !['letterhead', 'addressee', 'colophon', 'remark'].includes(key));
  if (has('addressee')) {
    basics.appendChild(field('/addressee', t('主送机关', 'addressee')));
  }
  if (report.get('/metadata') !== undefined || report.get('/letterhead') !== undefined) {
    basics.appendChild(field('/metadata/document_number', t('发文字号', 'document number')));
    basics.appendChild(field('/metadata/index_number', t('索引号', 'index number')));
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
    form.appendChild(grid(report, key, spec, seen));
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
  const tables = properties.tables && properties.tables.properties || {};
  Object.keys(tables).filter((key) => !placed.includes(key)).forEach((key) => {
    section('table-' + key, tables[key].description);
    tableOf(key);
  });
  (report.get('/attachments') || []).forEach((one, at) => {
    section('attachment-' + at, t('附件', 'Attachment ') + (at + 1));
    form.appendChild(make('div', { class: 'fields' }, field('/attachments/' + at + '/title', t('附件标题', 'title'))));
    form.appendChild(prose(report, '/attachments/' + at + '/body', t('附件', 'Attachment ') + (at + 1), seen));
  });
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
    const kept = drafts.keep(drafts.keyOf(report.value), write(report.value), name());
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
      const answer = parse(await (await post('/v1/check', text)).text());
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
    draw(own, text);
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
    const target = fieldOf(pointer) || document.getElementById('basic');
    if (target) {
      target.scrollIntoView({ block: 'center' });
      target.focus();
    }
  }

  function sentence(finding) {
    const words = finding.severity === 'error' ? t('错误', 'Error') : finding.severity === 'warning' ? t('提示', 'Hint') : t('说明', 'Note');
    const hint = finding.hint ? t(finding.hint.zh, finding.hint.en) : '';
    return make('div', { class: 'finding ' + finding.severity }, make('b', {}, words + t('：', ': ')), t(finding.message, finding.message_en), hint ? t('。', '. ') + hint : '');
  }

  function tell() {
    Array.from(form.querySelectorAll('.finding')).forEach((one) => one.parentElement && one.parentElement.removeChild(one));
    Array.from(form.querySelectorAll('.error, .warning')).forEach((one) => one.classList.remove('error', 'warning'));
    Array.from(parts.querySelectorAll('.count')).forEach((one) => one.parentElement && one.parentElement.removeChild(one));
    clear(list);
    const counts = new Map();
    findings.forEach((finding) => {
      const target = fieldOf(finding.pointer);
      if (target) {
        const frame = target.parentElement && target.parentElement.tagName === 'TD' ? target.parentElement : target;
        frame.classList.add(finding.severity);
        const holder = target.closest('.sheet') || target.closest('.block') || target;
        const note = sentence(finding);
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
    pdf.textContent = errors ? t('有 ' + errors + ' 处错误', errors + ' errors') : 'PDF';
    word.hidden = errors > 0;
    both.hidden = errors > 0;
  }

  function next() {
    if (findings.length === 0) {
      return;
    }
    const at = findings.findIndex((finding) => finding.pointer === current);
    const finding = findings[(at + 1) % findings.length];
    go(finding.pointer);
    current = finding.pointer;
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
    // A report with errors has no pages; the findings say why.
    if (hidden || findings.some((finding) => finding.severity === 'error')) {
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
    const first = findings.find((finding) => finding.severity === 'error');
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
  window.onstorage = (event) => {
    if (event.key === drafts.keyOf(report.value)) {
      band(t('同一份草稿在另一个标签页里也打开着：后存的会盖掉先存的。', 'This draft is open in another tab, too: what is kept last counts.'));
    }
  };
  later();
  main.focus();
  window.scrollTo(0, 0);
}
