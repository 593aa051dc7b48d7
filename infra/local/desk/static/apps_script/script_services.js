// ScriptApp, Session, PropertiesService, UrlFetchApp and the loggers.

import { Exception } from './permissions.js';
import { postJson, send } from './wire.js';

const USER_EMAIL = 'https://www.googleapis.com/auth/userinfo.email';

/** @param {import('./execution.js').Script} script */
export function installScriptServices({ upload, setting, permissions }) {
  const person = `/people/${encodeURIComponent(setting.person)}`;
  const user = { getEmail: () => setting.person };
  const log = (/** @type {unknown[]} */ ...what) => console.log(...what);
  const scriptProperties = properties(upload.properties);

  Object.assign(globalThis, {
    ScriptApp: {
      AuthMode: { NONE: 'NONE', LIMITED: 'LIMITED', FULL: 'FULL', CUSTOM_FUNCTION: 'CUSTOM_FUNCTION' },
      getIdentityToken() {
        permissions.check('ScriptApp.getIdentityToken');
        if (!permissions.has('openid')) return null;
        return postJson(`${person}/identity-token`, { with_email: permissions.has(USER_EMAIL) }).token;
      },
    },
    Session: {
      getActiveUser: checked('Session.getActiveUser', () => user),
      getEffectiveUser: checked('Session.getEffectiveUser', () => user),
      getActiveUserLocale: () => navigator.language.split('-')[0],
      getScriptTimeZone: () => upload.manifest.timeZone,
    },
    PropertiesService: {
      getScriptProperties: checked('PropertiesService.getScriptProperties', () => scriptProperties),
    },
    UrlFetchApp: { fetch: checked('UrlFetchApp.fetch', fetchUrl) },
    Logger: { log },
  });

  /**
   * @template {unknown[]} Args
   * @template Result
   * @param {string} method
   * @param {(...args: Args) => Result} call
   */
  function checked(method, call) {
    return (/** @type {Args} */ ...args) => {
      permissions.check(method);
      return call(...args);
    };
  }
}

/** @param {{[name: string]: string}} values  as an admin has set them; a script's own changes do not outlive it */
function properties(values) {
  return {
    getProperty: (/** @type {string} */ name) => values[name] ?? null,
    getProperties: () => ({ ...values }),
  };
}

/**
 * @param {string} url
 * @param {{method?: string, headers?: {[name: string]: string}, contentType?: string, payload?: string,
 *   muteHttpExceptions?: boolean}} options
 */
function fetchUrl(url, { method = 'get', headers = {}, contentType, payload, muteHttpExceptions = false } = {}) {
  const typed = contentType ? { ...headers, 'Content-Type': contentType } : headers;
  const answer = send(method.toUpperCase(), url, payload, typed);
  if (answer.status >= 400 && !muteHttpExceptions) {
    throw new Exception(`Request failed for ${new URL(url).origin} returned code ${answer.status}.`);
  }
  return { getResponseCode: () => answer.status, getContentText: () => answer.text };
}
