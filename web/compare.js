// 对照: what changed from last year's report or from another version, as the service tells it.

import { clear, make } from './dom.js';
import { parse, shown, write } from './report.js';
import { ask } from './service.js';
import { t } from './words.js';

/**
 * A report that is compared with.
 * @typedef {Object} Other
 * @property {string} name of its file
 * @property {string} text
 * @property {boolean} isLastYear whether the checks look at it, too
 */

/** The report of any file: as it is, or read by the service. @param {File} file @returns {Promise<string>} */
export async function reportOf(file) {
  if (/\.json$/i.test(file.name)) {
    const text = await new Response(file).text();
    parse(text.replace(/^\ufeff/, ''));
    return text;
  }
  const answer = await ask('POST', '/v1/import?name=' + encodeURIComponent(file.name), file, 'application/octet-stream');
  return write(parse(await answer.text()).report);
}

/** A form with several reports. @param {Object<string, string>} reports @returns {FormData} */
export function formOf(reports) {
  const form = new FormData();
  Object.keys(reports).forEach((name) => form.append(name, new Blob([reports[name]], { type: 'application/json' }), name + '.json'));
  return form;
}

/**
 * Draws what changed.
 * @param {HTMLElement} place
 * @param {Other} other
 * @param {string} text the report
 * @param {function(string): (string|null)} labelOf the words of the form for a place
 * @param {function(string): void} go
 * @param {function(): boolean} isWanted whether it is still asked for when the answer is there
 */
export async function compare(place, other, text, labelOf, go, isWanted) {
  let changes;
  try {
    changes = parse(await (await ask('POST', '/v1/diff', formOf({ old: other.text, new: text }))).text());
  } catch (error) {
    if (!isWanted()) {
      return;
    }
    clear(place);
    place.appendChild(make('p', {}, t('没有对照成：', 'It was not compared: ') + error.message));
    return;
  }
  if (!isWanted()) {
    return;
  }
  clear(place);
  if (changes.figures.length + changes.prose.length + changes.fields.length === 0) {
    place.appendChild(make('p', {}, t('没有不同。', 'There is no difference.')));
    return;
  }
  const before = other.isLastYear ? t('去年', 'last year') : t('另一个版本', 'the other version');
  const after = other.isLastYear ? t('今年', 'this year') : t('这一份', 'this one');
  if (changes.figures.length) {
    const rows = changes.figures.map((change) => make('tr', {},
      make('th', { scope: 'row', class: 'left' }, link(change.label, '/tables/' + change.table + '/' + change.row, go)),
      make('td', {}, shown(change.old)), make('td', {}, shown(change.new)), make('td', {}, difference(change))));
    place.appendChild(table(t('数字：' + rows.length + ' 处不同', rows.length + ' figures differ'), [t('行·列', 'row·column'), before, after, t('增减', 'change')], rows));
  }
  if (changes.prose.length) {
    const items = changes.prose.map((change) => make('li', {},
      change.new === null ? t('删去：', 'deleted: ') : link(change.old === null ? t('新写：', 'new: ') : t('改动：', 'changed: '), change.new, go),
      ...change.pieces.map((piece) => (piece.kind === 'same' ? piece.text : make(piece.kind === 'deleted' ? 'del' : 'ins', {}, piece.text)))));
    place.appendChild(make('h3', {}, t('文字：' + items.length + ' 处不同', items.length + ' texts differ')));
    place.appendChild(make('ul', { class: 'changes' }, ...items));
  }
  if (changes.fields.length) {
    const rows = changes.fields.map((change) => {
      const words = labelOf(change.pointer);
      return make('tr', {}, make('th', { scope: 'row', class: 'left' }, words ? link(words, change.pointer, go) : change.pointer),
        make('td', {}, shown(change.old)), make('td', {}, shown(change.new)));
    });
    place.appendChild(table(t('其他：' + rows.length + ' 处不同', rows.length + ' other values differ'), [t('项目', 'what'), before, after], rows));
  }
}

function table(caption, heads, rows) {
  const head = make('tr', {}, ...heads.map((words) => make('th', { scope: 'col' }, words)));
  return make('div', { class: 'sheet' }, make('table', { class: 'figures changes' }, make('caption', {}, caption), make('thead', {}, head), make('tbody', {}, ...rows)));
}

function link(words, pointer, go) {
  return make('button', { type: 'button', class: 'link', onclick: () => go(pointer) }, words);
}

/** How much more or less; nothing where one of them is no whole number that a script adds exactly. */
function difference(change) {
  const whole = (text) => text !== null && /^\d{1,15}$/.test(text);
  if (!whole(change.old) || !whole(change.new)) {
    return '';
  }
  const more = Number(change.new) - Number(change.old);
  return (more > 0 ? '+' : '') + more;
}
