/** @param {string[]} names */
const scopes = (...names) => names.map((name) => `https://www.googleapis.com/auth/${name}`);

/** What a method needs, any one of the scopes. Methods that are not named here need no authorization. */
const NEEDED = new Map([
  ['ScriptApp.getIdentityToken', []],
  ['PropertiesService.getDocumentProperties', []],
  ['PropertiesService.getScriptProperties', []],
  ['PropertiesService.getUserProperties', []],
  ['Session.getActiveUser', scopes('userinfo.email')],
  ['Session.getEffectiveUser', scopes('userinfo.email')],
  ['SpreadsheetApp.getActive', scopes('spreadsheets.currentonly', 'spreadsheets')],
  ['SpreadsheetApp.getActiveSheet', scopes('spreadsheets.currentonly', 'spreadsheets')],
  ['SpreadsheetApp.getActiveSpreadsheet', scopes('spreadsheets.currentonly', 'spreadsheets')],
  ['Ui.alert', scopes('script.container.ui')],
  ['Ui.showSidebar', scopes('script.container.ui')],
  ['UrlFetchApp.fetch', scopes('script.external_request')],
]);

export class Permissions {
  #granted;
  #authMode;

  /**
   * @param {string[]} granted  the manifest's scopes
   * @param {string} authMode  NONE: the add-on has not been used in this spreadsheet yet
   */
  constructor(granted, authMode) {
    this.#granted = new Set(granted);
    this.#authMode = authMode;
  }

  /** @param {string} scope */
  has(scope) {
    return this.#granted.has(scope);
  }

  /**
   * Throws as Apps Script does where the method may not be called.
   * @param {string} method
   */
  check(method) {
    const needed = NEEDED.get(method);
    if (!needed) return;
    if (this.#authMode === 'NONE') throw new Exception(`You do not have permission to call ${method}`);
    if (needed.length === 0 || needed.some((scope) => this.#granted.has(scope))) return;
    const all = needed.length === 1 ? needed[0] : `(${needed.join(' || ')})`;
    throw new Exception(`Specified permissions are not sufficient to call ${method}. Required permissions: ${all}`);
  }
}

/** What Apps Script's own services throw. */
export class Exception extends Error {
  name = 'Exception';
}
