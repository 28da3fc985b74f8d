// The language of the page: Chinese, or English by the switch.

let language = 'zh';
try {
  language = localStorage.getItem('gongwen-language') === 'en' ? 'en' : 'zh';
} catch (error) {
  // Without storage the page is Chinese.
}

/** @param {string} zh @param {string} en @returns {string} */
export function t(zh, en) {
  return language === 'en' ? en : zh;
}

/** @returns {boolean} */
export function isEnglish() {
  return language === 'en';
}

export function switchLanguage() {
  language = language === 'en' ? 'zh' : 'en';
  try {
    localStorage.setItem('gongwen-language', language);
  } catch (error) {
    // It holds for this visit.
  }
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
}

document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
