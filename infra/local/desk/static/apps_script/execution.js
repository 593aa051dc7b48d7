import { installCardService } from './card_service.js';
import { installHtmlService } from './html_service.js';
import { Permissions } from './permissions.js';
import { installScriptServices } from './script_services.js';
import { installSpreadsheetApp } from './spreadsheet_app.js';
import { getJson } from './wire.js';

/**
 * @typedef {{person: string, spreadsheetId: string, activeSheetId: number, authMode: string}} Setting
 * @typedef {Setting & {functionName: string, args: unknown[]}} Order
 * @typedef {{manifest: {oauthScopes?: string[], timeZone?: string}, scripts: {name: string, source: string}[],
 *   pages: {[name: string]: string}, properties: {[name: string]: string}}} Upload
 * @typedef {{upload: Upload, setting: Setting, permissions: Permissions}} Script
 * @typedef {(message: object) => void} Tell
 */

const NOT_IN_APPS_SCRIPT = [
  'fetch',
  'importScripts',
  'indexedDB',
  'postMessage',
  'setInterval',
  'setTimeout',
  'WebSocket',
  'XMLHttpRequest',
];
const load = globalThis.importScripts;

/**
 * @param {Order} order
 * @param {Tell} tell
 */
export function execute({ functionName, args, ...setting }, tell) {
  try {
    /** @type {Upload} */
    const upload = getJson('/addon');
    const permissions = new Permissions(upload.manifest.oauthScopes ?? [], setting.authMode);
    const script = { upload, setting, permissions };
    installScriptServices(script);
    installSpreadsheetApp(script, tell);
    installHtmlService(script);
    installCardService();
    const wanted = functionName.endsWith('_') ? undefined : functions(upload.scripts).get(functionName);
    if (!wanted) return { kind: 'threw', message: `Script function not found: ${functionName}` };
    return { kind: 'returned', value: returned(wanted(...args)) };
  } catch (error) {
    return { kind: 'threw', message: String(error) };
  }
}

/**
 * Runs the files in their order; the functions that they declare are what can be called.
 * @param {{name: string, source: string}[]} scripts
 * @returns {Map<string, (...args: unknown[]) => unknown>}
 */
function functions(scripts) {
  for (const name of NOT_IN_APPS_SCRIPT) {
    Object.defineProperty(globalThis, name, { value: undefined, configurable: true, writable: true });
  }
  const before = globals();
  for (const { name, source } of scripts) {
    const url = URL.createObjectURL(new Blob([`${source}\n//# sourceURL=${name}.js`], { type: 'text/javascript' }));
    load(url);
    URL.revokeObjectURL(url);
  }
  const declared = [...globals()].filter(([name, value]) => before.get(name) !== value);
  return new Map(declared.filter(([, value]) => typeof value === 'function'));
}

function globals() {
  return new Map(Object.getOwnPropertyNames(globalThis).map((name) => [name, Reflect.get(globalThis, name)]));
}

/**
 * What reaches the page: a value that holds a Date or a function reaches it as null.
 * @param {unknown} value
 * @returns {unknown}
 */
function returned(value) {
  return value === undefined || illegal(value) ? null : JSON.parse(JSON.stringify(value));
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function illegal(value) {
  if (typeof value === 'function' || value instanceof Date) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(illegal);
}
