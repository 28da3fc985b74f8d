// Elements: made with texts and values alone, never with markup.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Object<string, *>} [properties] `class`, `on…` for listeners, `data-…` and `aria-…` for attributes, else properties
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, properties, ...children) {
  const element = document.createElement(name);
  const all = properties || {};
  Object.keys(all).forEach((key) => {
    const value = all[key];
    if (value === undefined || value === null || value === false) {
      return;
    }
    if (key === 'class') {
      element.className = value;
    } else if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (key.includes('-') || key === 'for' || key === 'role' || key === 'list') {
      element.setAttribute(key, value === true ? '' : value);
    } else {
      element[key] = value;
    }
  });
  children.forEach((child) => {
    if (child !== null && child !== undefined) {
      element.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
    }
  });
  return element;
}

/** @param {Element} element */
export function clear(element) {
  while (element.firstChild) {
    element.removeChild(element.firstChild);
  }
}

/** Tells screen readers. @param {string} text */
export function say(text) {
  const live = document.getElementById('live');
  if (live) {
    live.textContent = text;
  }
}

/**
 * A line at the head of the page; it stays until the next one.
 * @param {string} text
 * @param {string} [id] that of another line, for what must not be replaced by the next event
 */
export function band(text, id) {
  const element = document.getElementById(id || 'band');
  if (element) {
    element.textContent = text;
    element.hidden = text === '';
  }
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.appendChild(link);
  link.click();
  document.body.removeChild(link);
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** The file that was chosen, if one was; the same one can be chosen again. @param {HTMLInputElement} input @param {function(File): *} use */
export function chosen(input, use) {
  const file = input.files && input.files[0];
  input.value = '';
  if (file) {
    use(file);
  }
}
