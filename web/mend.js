// One-click mends: the one value that settles a finding, and slips that the service corrects. Each is one step of undo.

import { make } from './dom.js';
import { get, parse, shown, typed, write } from './report.js';
import { post } from './service.js';
import { t } from './words.js';

/** @typedef {Array<[string, *]>} Changes */

/**
 * The button that mends a finding, if there is a mend.
 * @param {*} finding
 * @param {import('./report.js').Report} report
 * @param {function(string): void} done where it was mended
 * @param {function(string): void} failed why it was not
 * @returns {HTMLElement|null}
 */
export function mend(finding, report, done, failed) {
  if (finding.mend) {
    const { pointer, value } = finding.mend;
    const words = value === 'auto' ? t('改成自动计算', 'have it computed') : t('改成 ' + value, 'change it to ' + value);
    // The figure that is wrong may be another one than that which the sentence stands at.
    const other = pointer === finding.pointer ? null : (finding.related || []).find((cell) => cell.pointer === pointer);
    return button(other ? '“' + other.label + '”' + words : words, finding, () => {
      report.change([[pointer, value === 'auto' ? value : typed(value)]]);
      done(pointer);
    });
  }
  if (isCorrected(finding)) {
    return button(t('自动改正', 'correct it'), finding, async () => {
      try {
        const changes = (await corrections(report)).filter(([pointer]) => within(pointer, finding.pointer));
        report.change(changes);
        done(finding.pointer);
      } catch (error) {
        failed(error.message);
      }
    });
  }
  return null;
}

function button(words, finding, onclick) {
  return make('button', { type: 'button', class: 'mend', onclick, 'aria-label': words + t('：', ': ') + (finding.label || t(finding.message, finding.message_en)) }, words);
}

/** Whether the service corrects it. @param {*} finding @returns {boolean} */
export function isCorrected(finding) {
  return !finding.mend && Boolean(finding.hint) && finding.hint.code === 'fix';
}

function within(pointer, place) {
  return pointer === place || pointer.startsWith(place + '/');
}

/** All slips that the service corrects. @param {import('./report.js').Report} report @returns {Promise<Changes>} */
export async function corrections(report) {
  const answer = parse(await (await post('/v1/fix', write(report.value))).text());
  /** @type {Changes} */
  const changes = [];
  // What is corrected are single texts: the shape of a report stays.
  const walk = (value, pointer) => {
    if (value !== null && typeof value === 'object') {
      Object.keys(value).forEach((key) => walk(value[key], pointer + '/' + key.replace(/~/g, '~0').replace(/\//g, '~1')));
    } else if (shown(get(report.value, pointer)) !== shown(value)) {
      changes.push([pointer, value]);
    }
  };
  walk(answer.report, '');
  return changes;
}
