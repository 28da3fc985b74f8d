// Drafts of this browser, by kind of document, issuer and year. Nothing of them is on the service.

const PREFIX = 'gongwen-draft:';

/** @param {*} report @returns {string} */
export function keyOf(report) {
  const issuer = Array.isArray(report.issuer) ? report.issuer.join('、') : report.issuer || '';
  return PREFIX + [report.layout, issuer, report.year ? String(report.year).replace('\ue000', '') : ''].join('|');
}

/** @typedef {{key: string, name: string, time: string, text: string, other?: import('./compare.js').Other}} Draft */

/**
 * @param {string} key
 * @param {string} text
 * @param {string} name
 * @param {import('./compare.js').Other} [other] the report that it is compared with
 * @returns {boolean} whether there was room for it; the other report is left out where that makes room
 */
export function keep(key, text, name, other) {
  const put = (draft) => {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch (error) {
      return false;
    }
  };
  const draft = { text, name, time: new Date().toISOString() };
  return put(Object.assign({ other }, draft)) || (other !== undefined && put(draft));
}

/** @returns {Draft[]} the newest first */
export function all() {
  /** @type {Draft[]} */
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at) || '';
      if (key.startsWith(PREFIX)) {
        found.push(Object.assign({ key }, JSON.parse(localStorage.getItem(key) || '{}')));
      }
    }
  } catch (error) {
    return [];
  }
  return found.sort((one, other) => (one.time < other.time ? 1 : -1));
}

/** Keeps a draft under another key; where there is no room it stays where it is. @param {string} from @param {string} to */
export function move(from, to) {
  const found = all().find((draft) => draft.key === from);
  if (found && keep(to, found.text, found.name, found.other)) {
    forget(from);
  }
}

/**
 * Gives a draft a key of its own, so that another text can be kept under the one it has.
 * @param {string} key
 * @param {string} text the other text; a draft with the same one is no other
 */
export function setAside(key, text) {
  const found = all().find((draft) => draft.key === key && draft.text !== text);
  if (found) {
    move(key, key + '|' + found.time);
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch (error) {
    // There was none.
  }
}
