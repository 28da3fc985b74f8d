// The service that gave the page: it reads, checks, draws and writes; nothing is kept there.

import { t } from './words.js';

let token = '';

/** @param {string} given */
export function useToken(given) {
  token = given;
}

/** Why the service did not do it. */
export class Refused extends Error {
  /** @param {number} status @param {*} problem */
  constructor(status, problem) {
    super((problem && (t(problem.detail, problem.detail_en || problem.detail) || problem.title)) || String(status));
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
