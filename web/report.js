// A report as a value: numbers keep the text in which they were written, places are JSON pointers.

// A character that no document has; it marks the text of a number among strings.
const NUMBER = '\ue000';

/** @param {string} text @returns {*} */
export function parse(text) {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.charAt(0) === '"' ? token : '"' + NUMBER + token + '"');
  return JSON.parse(marked);
}

/** @param {*} value @returns {string} */
export function write(value) {
  return JSON.stringify(value, null, 2).replace(/"\ue000(-?[0-9.eE+-]+)"/g, '$1') + '\n';
}

/** What a person sees of a value. @param {*} value @returns {string} */
export function shown(value) {
  if (value === null || value === undefined) {
    return '';
  }
  const text = String(value);
  return text.charAt(0) === NUMBER ? text.slice(1) : text;
}

// Digits and the marks of numbers, from full width to half.
function half(text) {
  return text.trim().replace(/[０-９．－，]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/**
 * The value of what was typed into a cell of a statutory table, or pasted there. Numbers of full width and those with their
 * digits in groups of three are numbers; what else is no number stays as it is, and the service tells of it.
 * @param {string} text @returns {*}
 */
export function figure(text) {
  const plain = half(text);
  if (plain === '自动' || plain === 'auto') {
    return 'auto';
  }
  if (/^\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?$/.test(plain)) {
    return NUMBER + plain.replace(/[, ]/g, '');
  }
  return typed(text);
}

/** The value of what was typed into a free cell: a number if it is one; an empty cell is not known. @param {string} text @returns {*} */
export function typed(text) {
  const plain = text.trim().replace(/[０-９．－]/g, half);
  if (plain === '') {
    return null;
  }
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(plain) ? NUMBER + plain : plain;
}

/** @param {string} text @returns {string} */
export function number(text) {
  return NUMBER + text;
}

/** @param {string} pointer @returns {string[]} */
export function parts(pointer) {
  return pointer.split('/').slice(1).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** @param {*} root @param {string} pointer @returns {*} */
export function get(root, pointer) {
  return parts(pointer).reduce((value, key) => (value === null || value === undefined ? undefined : value[key]), root);
}

/** Sets a value; objects on the way are made. `undefined` takes it away. @param {*} root @param {string} pointer @param {*} value */
export function set(root, pointer, value) {
  const keys = parts(pointer);
  const last = keys.pop() || '';
  let place = root;
  keys.forEach((key) => {
    if (place[key] === undefined || place[key] === null) {
      place[key] = {};
    }
    place = place[key];
  });
  if (value === undefined) {
    delete place[last];
  } else {
    place[last] = value;
  }
}

/** The changes of a report, which can be taken back, a step at a time. */
export class Report {
  /** @param {*} value */
  constructor(value) {
    this.value = value;
    /** @type {Array<Array<{pointer: string, before: *, after: *}>>} */
    this.done = [];
    this.undone = [];
    /** Whether another change of the one value of the last step belongs to that step. */
    this.open = false;
    /** @type {Array<function(string[]): void>} */
    this.listeners = [];
  }

  /** The last step is over: a change of the same value is another one. */
  seal() {
    this.open = false;
  }

  /** @param {string} pointer @returns {*} */
  get(pointer) {
    return get(this.value, pointer);
  }

  /** One step of several values. @param {Array<[string, *]>} changes */
  change(changes) {
    const step = changes
      .map(([pointer, after]) => ({ pointer, before: this.get(pointer), after }))
      .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
    if (step.length === 0) {
      return;
    }
    this.apply(step, 'after');
    const last = this.done[this.done.length - 1];
    if (this.open && step.length === 1 && last && last.length === 1 && last[0].pointer === step[0].pointer) {
      last[0].after = step[0].after;
    } else {
      this.done.push(step);
    }
    this.open = true;
    this.undone = [];
  }

  undo() {
    this.seal();
    const step = this.done.pop();
    if (step) {
      this.apply(step, 'before');
      this.undone.push(step);
    }
    return Boolean(step);
  }

  redo() {
    this.seal();
    const step = this.undone.pop();
    if (step) {
      this.apply(step, 'after');
      this.done.push(step);
    }
    return Boolean(step);
  }

  apply(step, which) {
    step.forEach((change) => set(this.value, change.pointer, change[which]));
    const pointers = step.map((change) => change.pointer);
    this.listeners.forEach((listener) => listener(pointers));
  }
}
