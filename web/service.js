// The service that gave the page: it reads, checks, draws and writes; nothing is kept there.

import { t } from './words.js';

let token = '';

/** @param {string} given */
export function useToken(given) {
  token = given;
}

/** For a person: what programs are told of limits, options and headers is no help to her. */
function wordsOf(status, problem) {
  if (!problem || !problem.type) {
    return t('服务没有办成（' + status + '），请稍后再试', 'the service did not do it (' + status + '), try again later');
  }
  const name = problem.type.split(':').pop();
  if (name === 'size' && problem.limit) {
    const most = Math.floor(problem.limit / 1048576);
    return t('太大了，最多 ' + most + ' MB；大的图片请先缩小', 'it is too large: ' + most + ' MB at most; make large pictures smaller first');
  }
  if (name === 'busy' || name === 'late') {
    return t('服务正忙，请稍等再试', 'the service is busy, try again in a moment');
  }
  if (name === 'findings' && problem.findings && problem.findings[0]) {
    return t(problem.findings[0].message, problem.findings[0].message_en);
  }
  if (name === 'internal') {
    const id = String(problem.instance).split(':').pop();
    return t('程序出错了，请把编号 ' + id + ' 告诉管理员', 'the program failed; give your administrator the number ' + id);
  }
  return t(problem.detail, problem.detail_en || problem.detail);
}

/** Why the service did not do it. */
export class Refused extends Error {
  /** @param {number} status @param {*} problem */
  constructor(status, problem) {
    super(wordsOf(status, problem));
    this.status = status;
    this.problem = problem;
  }
}

/**
 * @param {string} method
 * @param {string} address
 * @param {*} [body]
 * @param {string} [type]
 * @returns {Promise<Response>}
 */
export async function ask(method, address, body, type) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) {
    headers.Authorization = 'Bearer ' + token;
  }
  if (type) {
    headers['Content-Type'] = type;
  }
  let response;
  try {
    response = await fetch(address, { method, headers, body, cache: 'no-store' });
  } catch (error) {
    // What the browser says of it is for programmers, and in English.
    throw new Error(t('服务没有回答，请稍后再试', 'the service does not answer, try again later'));
  }
  if (response.ok) {
    return response;
  }
  let problem = null;
  try {
    problem = await response.json();
  } catch (error) {
    // An answer of something between the page and the service.
  }
  throw new Refused(response.status, problem);
}

/** @param {string} address @param {string} report @returns {Promise<Response>} */
export function post(address, report) {
  return ask('POST', address, report, 'application/json');
}
