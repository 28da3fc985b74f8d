// The statutory tables as they are on the form: labels, merged cells, a field for each figure. Keys and pasting as in Excel.

import { make } from './dom.js';
import { figure, shown } from './report.js';
import { t } from './words.js';

/**
 * @typedef {Object} Around what a table asks of the page around it
 * @property {function(string): void} seen which field is being edited
 * @property {function(string): void} tell a sentence for the person
 * @property {function(string, string): void} read a table with its labels that was pasted: as HTML, as text
 */

/**
 * @param {import('./report.js').Report} report
 * @param {string} key the table
 * @param {*} schema the table in the schema of the layout
 * @param {Around} around
 * @returns {HTMLElement}
 */
export function grid(report, key, schema, around) {
  const cells = schema['x-grid'];
  /** @type {Array<Array<*>>} */
  const rows = [];
  cells.forEach((cell) => {
    (rows[cell.row] = rows[cell.row] || []).push(cell);
  });
  const body = make('tbody');
  rows.forEach((row) => {
    const line = make('tr');
    row.forEach((cell) => {
      const span = { colSpan: cell.columns, rowSpan: cell.rows };
      if (cell.figures === undefined) {
        const label = cell.rows > 1 ? 'left group' : 'left';
        const head = cell.head ? { scope: 'col' } : { scope: 'row', class: label };
        line.appendChild(make('th', Object.assign(span, head), cell.text));
        return;
      }
      const pointer = pointerOf(report, key, cell);
      const input = make('input', {
        type: 'text',
        inputMode: 'decimal',
        autocomplete: 'off',
        'data-pointer': pointer,
        'aria-label': cell.label,
        onfocus: () => around.seen(pointer),
        onchange: () => commit(report, input),
      });
      line.appendChild(make('td', span, input));
    });
    body.appendChild(line);
  });
  const table = make('table', { class: 'figures', 'aria-label': schema.description }, body);
  table.addEventListener('keydown', (event) => move(report, table, event));
  table.addEventListener('paste', (event) => paste(report, table, /** @type {ClipboardEvent} */ (event), around));
  return make('div', { class: 'sheet' }, table);
}

/**
 * Where a report has a figure: its rows are lists or have names.
 * @param {import('./report.js').Report} report @param {string} key the table @param {*} cell of its grid
 * @returns {string}
 */
export function pointerOf(report, key, cell) {
  const row = report.get('/tables/' + key + '/' + cell.figures);
  const last = row && !Array.isArray(row) ? cell.column_key : cell.index;
  return '/tables/' + key + '/' + cell.figures + '/' + last;
}

/**
 * What stands in a field becomes the value of the report.
 * @param {import('./report.js').Report} report @param {HTMLInputElement} input
 */
function commit(report, input) {
  const pointer = input.getAttribute('data-pointer') || '';
  const value = input.value.trim();
  // A computed cell that was left as it is stays computed.
  if (report.get(pointer) === 'auto' && value === (input.getAttribute('data-computed') || '')) {
    return;
  }
  report.change([[pointer, figure(value)]]);
}

/** @param {HTMLElement} table @returns {HTMLInputElement[][]} the fields by rows */
function fields(table) {
  return Array.from(table.querySelectorAll('tr'))
    .map((row) => /** @type {HTMLInputElement[]} */ (Array.from(row.querySelectorAll('input'))))
    .filter((row) => row.length > 0);
}

function place(all, input) {
  for (let row = 0; row < all.length; row += 1) {
    const column = all[row].indexOf(input);
    if (column >= 0) {
      return [row, column];
    }
  }
  return [0, 0];
}

/** Enter and arrows; never while an input method composes. */
function move(report, table, event) {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || event.isComposing || event.keyCode === 229) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && !event.altKey && (event.key === 'z' || event.key === 'y')) {
    event.preventDefault();
    commit(report, input);
    // What stands there is what the report holds: the step back shows in this field, too.
    input.setAttribute('data-shown', input.value);
    if (event.key === 'z' && !event.shiftKey) {
      report.undo();
    } else {
      report.redo();
    }
    return;
  }
  const all = fields(table);
  const [row, column] = place(all, input);
  const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const atEnd = input.selectionStart === input.value.length;
  let next = null;
  if (event.key === 'Enter' || event.key === 'ArrowDown') {
    const step = event.key === 'Enter' && event.shiftKey ? -1 : 1;
    next = at(all, row + step, column);
  } else if (event.key === 'ArrowUp') {
    next = at(all, row - 1, column);
  } else if (event.key === 'ArrowLeft' && (atStart || whole)) {
    next = at(all, row, column - 1);
  } else if (event.key === 'ArrowRight' && (atEnd || whole)) {
    next = at(all, row, column + 1);
  } else {
    return;
  }
  event.preventDefault();
  commit(report, input);
  if (next) {
    next.focus();
    next.select();
  }
}

/** A row of fewer fields: the last that is there. */
function at(all, row, column) {
  if (row < 0 || row >= all.length || column < 0) {
    return null;
  }
  return all[row][Math.min(column, all[row].length - 1)];
}

/**
 * The rows and cells of what a program of tables puts on the clipboard as text. A cell with a line break or a tab is quoted.
 * @param {string} text @returns {string[][]}
 */
export function cellsOf(text) {
  const rows = [['']];
  let quoted = false;
  const plain = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  for (let at = 0; at < plain.length; at += 1) {
    const row = rows[rows.length - 1];
    const sign = plain[at];
    if (sign === '"' && quoted && plain[at + 1] === '"') {
      row[row.length - 1] += sign;
      at += 1;
    } else if (sign === '"' && (quoted || row[row.length - 1] === '')) {
      quoted = !quoted;
    } else if (sign === '\t' && !quoted) {
      row.push('');
    } else if (sign === '\n' && !quoted) {
      rows.push(['']);
    } else {
      row[row.length - 1] += sign;
    }
  }
  return rows;
}

/** A cell of words is a label, not a figure; what stands for nothing is none. */
function isLabel(text) {
  return /[A-Za-z\u3400-\u9fff]/.test(text) && !/[0-9０-９]/.test(text) && !['无', '自动', 'auto'].includes(text.trim());
}

/**
 * A block from Excel or WPS fills from the field on; one step takes it back. What has labels goes where they say. What
 * finds no field is told.
 * @param {import('./report.js').Report} report @param {HTMLElement} table @param {ClipboardEvent} event @param {Around} around
 */
function paste(report, table, event, around) {
  const input = event.target;
  const text = event.clipboardData ? event.clipboardData.getData('text/plain') : '';
  if (!event.clipboardData || !(input instanceof HTMLInputElement) || !/[\t\n]/.test(text.trim())) {
    return;
  }
  event.preventDefault();
  const block = cellsOf(text);
  if (block.some((line) => line.some(isLabel))) {
    around.read(event.clipboardData.getData('text/html'), text);
    return;
  }
  const all = fields(table);
  const [row, column] = place(all, input);
  /** @type {Array<[string, *]>} */
  const changes = [];
  /** @type {string[]} */
  const outside = [];
  block.forEach((line, down) => {
    line.forEach((value, right) => {
      const target = all[row + down] && all[row + down][column + right];
      if (target) {
        const pointer = target.getAttribute('data-pointer') || '';
        // A total that is computed stays so where the block leaves it blank.
        if (value.trim() !== '' || report.get(pointer) !== 'auto') {
          changes.push([pointer, figure(value)]);
        }
      } else if (value.trim() !== '') {
        outside.push(value.trim());
      }
    });
  });
  // What was being typed in this field is replaced.
  input.setAttribute('data-shown', input.value);
  report.change(changes);
  const count = changes.length;
  const some = outside.slice(0, 8).join(t('、', ', ')) + (outside.length > 8 ? '……' : '');
  around.tell(outside.length
    ? t('粘贴了 ' + count + ' 格；另有 ' + outside.length + ' 格在表格外，没有放进去：' + some + '。按 Ctrl+Z 撤销。',
      'Pasted ' + count + ' cells; ' + outside.length + ' more are beyond the table and were left out: ' + some + '. Ctrl+Z takes it back.')
    : t('粘贴了 ' + count + ' 格。按 Ctrl+Z 撤销。', 'Pasted ' + count + ' cells. Ctrl+Z takes it back.'));
}

/**
 * Shows the values of the report, and what the service computed.
 * @param {HTMLElement} form
 * @param {import('./report.js').Report} report
 * @param {*} filled
 * @param {Map<string, string>} places where figures stand in the file that they came from
 */
export function show(form, report, filled, places) {
  form.querySelectorAll('table.figures input').forEach((element) => {
    const input = /** @type {HTMLInputElement} */ (element);
    const pointer = input.getAttribute('data-pointer') || '';
    const value = report.get(pointer);
    const cell = /** @type {HTMLElement} */ (input.parentElement);
    const computed = value === 'auto';
    cell.classList.toggle('computed', computed);
    cell.classList.toggle('open', value === null || value === undefined);
    const text = computed ? shown(filled ? deep(filled, pointer) : '') : shown(value);
    input.setAttribute('data-computed', computed ? (text === 'auto' ? '' : text) : '');
    const place = places.get(pointer);
    input.title = computed
      ? t('自动计算', 'computed')
      : place ? t('来自：', 'from: ') + place : value === null || value === undefined ? t('还没有数字', 'no figure yet') : '';
    // What is being typed is left alone; a field that nobody has changed since shows what it holds.
    if (document.activeElement !== input || input.value === input.getAttribute('data-shown')) {
      input.value = text === 'auto' ? '' : text;
      input.setAttribute('data-shown', input.value);
    }
  });
}

function deep(root, pointer) {
  return pointer.split('/').slice(1).reduce((value, key) => (value === null || value === undefined ? undefined : value[key]), root);
}
