// Elements: made with texts and values alone, never with markup.

/**
 * @param {string} name
 * @param {Object<string, *>} [properties] `class`, `on…` for listeners, `data-…` and `aria-…` for attributes, else properties
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElement}
 */
export function make(name, properties, ...children) {
  const element = document.createElement(name);
  Object.keys(properties || {}).forEach((key) => {
    const value = properties[key];
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

/** A line at the head of the page; nothing takes it away. @param {string} text */
export function band(text) {
  const element = document.getElementById('band');
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
