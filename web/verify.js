// 核验: what holds of a signed PDF or an archive, in one sentence, with the details below it.

import { make, clear, say } from './dom.js';
import { ask } from './service.js';
import { t } from './words.js';

const WORDS = {
  holds: ['通过：没有改动，签名者已证实。', 'It holds: nothing was changed, and the signer is proved.'],
  unproved: ['完好，但没有证实是谁签的。', 'It is intact, but it is not proved who signed it.'],
  broken: ['不通过：改动过、是伪造的，或者没有签名。', 'It does not hold: changed, forged or not signed.'],
};

/** @param {HTMLElement} place @param {File} file */
export async function verify(place, file) {
  clear(place);
  place.appendChild(make('p', {}, t('核验中……', 'verifying …')));
  let found;
  try {
    const response = await ask('POST', '/v1/verify', file, 'application/octet-stream');
    found = await response.json();
  } catch (error) {
    clear(place);
    place.appendChild(make('p', { class: 'verdict broken' }, t('核验不了：', 'It cannot be verified: ') + error.message));
    return;
  }
  clear(place);
  const words = WORDS[found.verdict] || WORDS.broken;
  place.appendChild(make('p', { class: 'verdict ' + found.verdict }, file.name + t('——', ': ') + t(words[0], words[1])));
  const lines = [];
  const told = (reason) => t(reason.zh, reason.en);
  const documents = found.documents ? found.documents.map((one) => one.verification).filter(Boolean) : [found];
  documents.forEach((document) => {
    (document.reasons || []).forEach((reason) => lines.push(told(reason)));
    (document.signatures || []).forEach((signature) => {
      if (signature.signer) {
        lines.push(t('签名者：', 'Signer: ') + signature.signer.subject + t('，签名者自称的时间 ', ', by the signer at ') + (signature.claimed_time || '—'));
      }
      signature.reasons.forEach((reason) => lines.push(told(reason) + (reason.settled_by ? t('。要弄清：', '. To settle it: ') + told(reason.settled_by) : '')));
      signature.changes.forEach((change) => lines.push(t('之后：', 'Afterwards: ') + told(change.message) + (change.permitted ? '' : t('（不允许）', ' (not permitted)'))));
      (signature.remarks || []).forEach((remark) => lines.push(t('注意：', 'Note: ') + told(remark)));
    });
  });
  (found.problems || []).forEach((problem) => lines.push(told(problem)));
  place.appendChild(make('ul', {}, ...lines.map((line) => make('li', {}, line))));
  say(t(words[0], words[1]));
}
