// Tabs that have the same draft open: each is told of the other. They speak by storage events, which come to all other tabs.

const KEY = 'gongwen-tabs';
const own = String(Math.random()).slice(2);

/** @type {string} the draft of this tab; empty where none is open */
let open = '';
/** @type {function(boolean): void} */
let tell = () => {};

/** @param {string} kind `asks`, `answers` or `leaves` */
function speak(kind) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ tab: own, draft: open, kind }));
    localStorage.removeItem(KEY);
  } catch (error) {
    // Without storage there are no drafts that could be the same.
  }
}

window.addEventListener('storage', (event) => {
  if (event.key !== KEY || !event.newValue || open === '') {
    return;
  }
  const said = JSON.parse(event.newValue);
  if (said.tab === own || said.draft !== open) {
    return;
  }
  tell(said.kind !== 'leaves');
  if (said.kind === 'asks') {
    speak('answers');
  } else if (said.kind === 'leaves') {
    // There may be a third one.
    speak('asks');
  }
});
window.addEventListener('pagehide', () => leave());
// A tab that comes back from the browser's memory of pages has its draft open again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted && resumed !== '') {
    enter(resumed, tell);
  }
});
let resumed = '';

/**
 * This tab has a draft open.
 * @param {string} draft
 * @param {function(boolean): void} told whether another tab has it open, too
 */
export function enter(draft, told) {
  tell = told;
  if (draft === open) {
    return;
  }
  leave();
  open = draft;
  resumed = draft;
  speak('asks');
}

/** This tab has none open any more. */
export function leave() {
  if (open !== '') {
    speak('leaves');
    tell(false);
    open = '';
  }
}
