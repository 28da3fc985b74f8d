// Prose: a field for each paragraph, that grows; Enter begins the next one. Headings, lists, tables and pictures between them.

import { make, clear, chosen } from './dom.js';
import { shown, typed } from './report.js';
import { t } from './words.js';

/**
 * @param {import('./report.js').Report} report
 * @param {string} pointer the list of blocks
 * @param {string} name what it is, for screen readers
 * @param {function(string): void} seen
 * @returns {HTMLElement}
 */
export function prose(report, pointer, name, seen) {
  const list = make('div');
  const blocks = () => report.get(pointer) || [];
  const draw = (focus) => {
    clear(list);
    blocks().forEach((block, at) => list.appendChild(one(block, at)));
    Array.from(list.querySelectorAll('textarea')).forEach(grow);
    if (focus !== undefined) {
      const field = list.querySelector('[data-pointer="' + pointer + '/' + focus + '"]');
      if (field instanceof HTMLElement) {
        field.focus();
      }
    }
  };
  const put = (changed, focus) => {
    report.change([[pointer, changed]]);
    draw(focus);
  };
  const insert = (block, at) => {
    const changed = blocks().slice();
    changed.splice(at, 0, block);
    put(changed, at);
  };
  const remove = (at) => {
    const changed = blocks().slice();
    changed.splice(at, 1);
    put(changed, Math.max(0, at - 1));
  };

  function text(place, value, label, options) {
    const field = make('textarea', {
      rows: 1,
      value,
      'data-pointer': place,
      'aria-label': label,
      onfocus: () => seen(place),
      oninput: () => grow(field),
      // A field that Enter, Backspace or pasting replaced tells of a change when it goes; it has been counted.
      onchange: () => field.hasAttribute('data-replaced') || report.change([[place, field.value]]),
    });
    if (options && options.paragraph !== undefined) {
      field.addEventListener('keydown', (event) => keys(event, field, options.paragraph));
      field.addEventListener('paste', (event) => lines(event, field, options.paragraph));
    }
    return field;
  }

  function keys(event, field, at) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      const changed = blocks().slice();
      const start = field.selectionStart;
      field.setAttribute('data-replaced', '');
      changed.splice(at, 1, field.value.slice(0, start), field.value.slice(field.selectionEnd));
      put(changed, at + 1);
    } else if (event.key === 'Backspace' && field.selectionStart === 0 && field.selectionEnd === 0 && at > 0) {
      const before = blocks()[at - 1];
      if (typeof before === 'string') {
        event.preventDefault();
        const changed = blocks().slice();
        field.setAttribute('data-replaced', '');
        changed.splice(at - 1, 2, before + field.value);
        put(changed, at - 1);
        const joined = /** @type {HTMLTextAreaElement} */ (list.querySelector('[data-pointer="' + pointer + '/' + (at - 1) + '"]'));
        joined.setSelectionRange(before.length, before.length);
      }
    }
  }

  /** Several lines that are pasted are several paragraphs. */
  function lines(event, field, at) {
    const pasted = event.clipboardData ? event.clipboardData.getData('text/plain').replace(/\r/g, '') : '';
    const all = pasted.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    if (all.length < 2) {
      return;
    }
    event.preventDefault();
    const changed = blocks().slice();
    field.setAttribute('data-replaced', '');
    all[0] = field.value.slice(0, field.selectionStart) + all[0];
    all[all.length - 1] += field.value.slice(field.selectionEnd);
    changed.splice(at, 1, ...all);
    put(changed, at + all.length - 1);
  }

  /** A text, or the pieces of one that has more than one face or footnotes: each keeps what it is set in. */
  function any(place, value, label) {
    if (!Array.isArray(value)) {
      return text(place, value, label);
    }
    const pieces = value.map((piece, index) => {
      const own = place + '/' + index;
      if (typeof piece === 'string') {
        return text(own, piece, label + ' ' + (index + 1));
      }
      if (typeof piece.note === 'string') {
        const kind = t('脚注', 'footnote');
        return make('div', { class: 'span' }, make('span', { class: 'kind' }, kind), text(own + '/note', piece.note, label + ' ' + (index + 1) + ' ' + kind));
      }
      const looks = [
        piece.strong && t('加粗', 'bold'), piece.raised && t('上标', 'raised'), piece.lowered && t('下标', 'lowered'),
        piece.face === 'heading' && t('黑体', 'Hei'), piece.face === 'kai' && t('楷体', 'Kai'), piece.link && t('链接', 'link'),
      ].filter(Boolean).join('、');
      return make('div', { class: 'span' }, make('span', { class: 'kind' }, looks || t('正文', 'text')), text(own + '/text', piece.text, label + ' ' + (index + 1) + ' ' + looks));
    });
    return make('div', { class: 'spans' }, ...pieces);
  }

  function one(block, at) {
    const place = pointer + '/' + at;
    const label = name + t('，第 ', ', block ') + (at + 1) + t(' 段', '');
    const away = make('button', { type: 'button', class: 'link remove', onclick: () => remove(at), 'aria-label': t('删去', 'remove') + ' ' + label }, t('删去', 'remove'));
    const box = (kind, ...children) => make('div', { class: 'block ' + kind }, ...children);
    if (typeof block === 'string') {
      return box('paragraph', text(place, block, label, { paragraph: at }));
    }
    if (Array.isArray(block)) {
      return box('paragraph', any(place, block, label), away);
    }
    if (block.page_break === true) {
      return box('other', make('span', { class: 'kind' }, t('另起一页', 'page break')), away);
    }
    if (block.heading !== undefined) {
      return box('heading', make('span', { class: 'kind' }, t('小标题', 'heading')), any(place + '/heading', block.heading, label), away);
    }
    if (block.paragraph !== undefined) {
      return box('paragraph', any(place + '/paragraph', block.paragraph, label), away);
    }
    if (block.list !== undefined) {
      const items = block.list.map((item, index) => any(place + '/list/' + index, item, label + ' ' + (index + 1)));
      const more = make('button', { type: 'button', class: 'link', onclick: () => put(replaced(at, Object.assign({}, block, { list: block.list.concat(['']) })), at) }, t('加一项', 'add an item'));
      return box('list', make('span', { class: 'kind' }, t('列表', 'list')), ...items, more, away);
    }
    if (block.table !== undefined) {
      return box('table', make('span', { class: 'kind' }, t('表格', 'table')), free(block.table, place + '/table', label), away);
    }
    if (block.image !== undefined) {
      const source = String(block.image);
      const picture = source.startsWith('data:') ? make('img', { src: source, alt: block.alt || '', width: 160 }) : make('span', { class: 'kind' }, source);
      return box(
        'image',
        make('span', { class: 'kind' }, t('图片', 'picture')), picture,
        make('label', {}, t('图题', 'caption'), text(place + '/caption', block.caption || '', t('图题', 'caption'))),
        make('label', {}, t('图里有什么（给看不见的人）', 'what it shows, for those who do not see it'), text(place + '/alt', block.alt || '', t('替代文本', 'alternative text'))),
        away,
      );
    }
    return box('other', make('span', { class: 'kind' }, t('这一项在这里不能改，会原样保留', 'this is kept as it is')), away);
  }

  function replaced(at, block) {
    const changed = blocks().slice();
    changed[at] = block;
    return changed;
  }

  /** A free table; cells over several rows or columns keep their extent. */
  function free(table, place, label) {
    const body = make('tbody');
    ['header', 'rows'].forEach((part) => {
      (table[part] || []).forEach((row, down) => {
        const line = make('tr');
        row.forEach((cell, right) => {
          const whole = cell !== null && typeof cell === 'object';
          const extent = whole ? { colSpan: Number(shown(cell.columns)) || 1, rowSpan: Number(shown(cell.rows)) || 1 } : {};
          const kind = part === 'header' ? 'th' : 'td';
          const head = part === 'header' ? { scope: 'col' } : {};
          if (whole && Array.isArray(cell.text)) {
            const pieces = any(place + '/' + part + '/' + down + '/' + right + '/text', cell.text, label);
            line.appendChild(make(kind, Object.assign(extent, head), pieces));
            return;
          }
          const own = place + '/' + part + '/' + down + '/' + right + (whole ? '/text' : '');
          const input = make('input', {
            value: shown(whole ? cell.text : cell),
            'data-pointer': own,
            'aria-label': label,
            onfocus: () => seen(own),
            onchange: () => report.change([[own, typed(input.value) === null ? '' : typed(input.value)]]),
          });
          line.appendChild(make(kind, Object.assign(extent, head), input));
        });
        body.appendChild(line);
      });
    });
    const caption = text(place + '/caption', table.caption || '', t('表题', 'caption'));
    return make('div', { class: 'sheet' }, make('label', {}, t('表题', 'caption'), caption), make('table', { class: 'figures free' }, body));
  }

  const add = (words, block) => make('button', { type: 'button', onclick: () => insert(block(), blocks().length) }, words);
  const file = make('input', { type: 'file', accept: 'image/png,image/jpeg', hidden: true, onchange: () => chosen(file, (picture) => {
    const reader = new FileReader();
    reader.onload = () => insert({ image: reader.result, alt: '' }, blocks().length);
    reader.readAsDataURL(picture);
  }) });
  const tools = make(
    'div', { class: 'tools' },
    add(t('＋ 段落', '+ paragraph'), () => ''),
    add(t('＋ 小标题', '+ heading'), () => ({ heading: t('（一）', '（一）') })),
    add(t('＋ 列表', '+ list'), () => ({ list: [''] })),
    add(t('＋ 表格', '+ table'), () => ({ table: { header: [['', '']], rows: [['', ''], ['', '']] } })),
    make('button', { type: 'button', onclick: () => file.click() }, t('＋ 图片', '+ picture')),
    file,
  );
  draw();
  report.listeners.push((pointers) => {
    // What came back by undo, by a mend, or from elsewhere. What is being typed is left alone.
    if (pointers.some((changed) => changed === pointer || pointer.startsWith(changed + '/'))) {
      if (!list.contains(document.activeElement)) {
        draw();
      }
      return;
    }
    pointers.filter((changed) => changed.startsWith(pointer + '/')).forEach((changed) => {
      list.querySelectorAll('[data-pointer]').forEach((found) => {
        const field = /** @type {HTMLInputElement|HTMLTextAreaElement} */ (found);
        const value = shown(report.get(changed));
        if (field.getAttribute('data-pointer') === changed && field !== document.activeElement && field.value !== value) {
          field.value = value;
          if (field.tagName === 'TEXTAREA') {
            grow(field);
          }
        }
      });
    });
  });
  return make('div', {}, list, tools);
}

/** As high as its text. */
export function grow(field) {
  field.style.height = 'auto';
  field.style.height = field.scrollHeight + 2 + 'px';
}
