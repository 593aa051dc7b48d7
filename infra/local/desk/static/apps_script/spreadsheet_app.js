// SpreadsheetApp: the open spreadsheet as the person at the desk has it, and the editor's menus, sidebar and messages.

import { Exception } from './permissions.js';
import { getJson } from './wire.js';

const FIELDS = 'properties(title,locale,timeZone),sheets.properties(sheetId,title,hidden)';

/**
 * @typedef {{properties: {sheetId?: number, title: string, hidden?: boolean}}} SheetMessage
 * @typedef {{rows: number, columns: number}} Extent
 * @typedef {{properties: {title: string, locale: string, timeZone: string}, sheets: SheetMessage[]}} Message
 */

/**
 * @param {import('./execution.js').Script} script
 * @param {import('./execution.js').Tell} tell
 */
export function installSpreadsheetApp({ setting, permissions }, tell) {
  /** @param {string} method */
  const open = (method) => () => {
    permissions.check(method);
    return new Spreadsheet(setting, tell);
  };
  Object.assign(globalThis, {
    SpreadsheetApp: {
      flush() {},
      getActive: open('SpreadsheetApp.getActive'),
      getActiveSpreadsheet: open('SpreadsheetApp.getActiveSpreadsheet'),
      getActiveSheet: () => open('SpreadsheetApp.getActiveSheet')().getActiveSheet(),
      getUi: () => ui(permissions, tell),
    },
  });
}

/**
 * @param {import('./permissions.js').Permissions} permissions
 * @param {import('./execution.js').Tell} tell
 */
function ui(permissions, tell) {
  return {
    createAddonMenu: () => menu(tell),
    createMenu: (/** @type {string} */ title) => menu(tell, title),
    /** @param {{getContent(): string, getTitle(): string}} output */
    showSidebar(output) {
      permissions.check('Ui.showSidebar');
      tell({ kind: 'sidebar', title: output.getTitle(), html: output.getContent() });
    },
    alert(/** @type {string[]} */ ...words) {
      permissions.check('Ui.alert');
      tell({ kind: 'notice', text: words.join(': ') });
    },
  };
}

/**
 * @param {import('./execution.js').Tell} tell
 * @param {string} [title]  none: the add-on's own, under Extensions
 */
function menu(tell, title) {
  /** @type {({label: string, functionName: string} | null)[]} */
  const items = [];
  return {
    addItem(/** @type {string} */ label, /** @type {string} */ functionName) {
      items.push({ label, functionName });
      return this;
    },
    addSeparator() {
      items.push(null);
      return this;
    },
    addToUi: () => tell({ kind: 'menu', title, items }),
  };
}

class Spreadsheet {
  #setting;
  #tell;
  /** @type {Message} */
  #message;
  /** @type {{[sheetId: string]: Extent} | null} */
  #extents = null;

  /**
   * @param {import('./execution.js').Setting} setting
   * @param {import('./execution.js').Tell} tell
   */
  constructor(setting, tell) {
    this.#setting = setting;
    this.#tell = tell;
    const address = `/people/${encodeURIComponent(setting.person)}/v4/spreadsheets/${setting.spreadsheetId}`;
    this.#message = getJson(`${address}?fields=${encodeURIComponent(FIELDS)}`);
  }

  getId() {
    return this.#setting.spreadsheetId;
  }

  getName() {
    return this.#message.properties.title;
  }

  getUrl() {
    return `https://docs.google.com/spreadsheets/d/${this.getId()}/edit`;
  }

  getSpreadsheetLocale() {
    return this.#message.properties.locale;
  }

  getSpreadsheetTimeZone() {
    return this.#message.properties.timeZone;
  }

  getSheets() {
    return this.#message.sheets.map((message) => new Sheet(message, this));
  }

  /** @param {number} sheetId */
  getSheetById(sheetId) {
    return this.getSheets().find((sheet) => sheet.getSheetId() === sheetId) ?? null;
  }

  /** @param {string} name */
  getSheetByName(name) {
    return this.getSheets().find((sheet) => sheet.getName() === name) ?? null;
  }

  /** @param {number} sheetId @returns {Extent} */
  extentOf(sheetId) {
    this.#extents ??= getJson(`/spreadsheets/${this.getId()}/extents`);
    return this.#extents?.[sheetId] ?? { rows: 0, columns: 0 };
  }

  getActiveSheet() {
    return this.getSheetById(this.#setting.activeSheetId) ?? this.getSheets()[0];
  }

  /** @param {Sheet} sheet */
  setActiveSheet(sheet) {
    if (!(sheet instanceof Sheet)) {
      throw new Exception(
        "The parameters don't match the method signature for SpreadsheetApp.Spreadsheet.setActiveSheet.",
      );
    }
    this.#tell({ kind: 'activate', sheetId: sheet.getSheetId() });
    return sheet;
  }

  /** @param {string} text */
  toast(text) {
    this.#tell({ kind: 'notice', text });
  }
}

class Sheet {
  #message;
  #spreadsheet;

  /**
   * @param {SheetMessage} message
   * @param {Spreadsheet} spreadsheet
   */
  constructor(message, spreadsheet) {
    this.#message = message;
    this.#spreadsheet = spreadsheet;
  }

  getSheetId() {
    return this.#message.properties.sheetId ?? 0;
  }

  getName() {
    return this.#message.properties.title;
  }

  isSheetHidden() {
    return this.#message.properties.hidden ?? false;
  }

  /** The last row with content, 0 in an empty sheet. */
  getLastRow() {
    return this.#spreadsheet.extentOf(this.getSheetId()).rows;
  }

  getLastColumn() {
    return this.#spreadsheet.extentOf(this.getSheetId()).columns;
  }

  activate() {
    return this.#spreadsheet.setActiveSheet(this);
  }
}
