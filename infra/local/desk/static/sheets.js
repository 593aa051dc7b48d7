// The spreadsheet on the wire of the Sheets API, as the browser of the person at the desk reads and writes it.

import { cellName, quoted } from './a1.js';

const OVERVIEW = [
  'properties(title,locale,timeZone)',
  'sheets(properties(sheetId,title,index,hidden,gridProperties),protectedRanges(range,requestingUserCanEdit))',
].join(',');
const FORMAT = 'userEnteredFormat(numberFormat,backgroundColor,backgroundColorStyle,horizontalAlignment,textFormat)';
const ROWS = [
  'sheets.data.columnMetadata(pixelSize,hiddenByUser)',
  `sheets.data.rowData.values(formattedValue,userEnteredValue,effectiveValue,${FORMAT})`,
].join(',');

/**
 * @typedef {{sheetId?: number, startRowIndex?: number, endRowIndex?: number, startColumnIndex?: number,
 *   endColumnIndex?: number}} GridRange
 * @typedef {{rowCount: number, columnCount: number, frozenRowCount?: number, frozenColumnCount?: number}} GridProperties
 * @typedef {{properties: {sheetId?: number, title: string, index: number, hidden?: boolean,
 *   gridProperties: GridProperties}, protectedRanges?: {range: GridRange, requestingUserCanEdit?: boolean}[]}} Sheet
 * @typedef {{properties: {title: string, locale: string, timeZone: string}, sheets: Sheet[]}} Overview
 * @typedef {{red?: number, green?: number, blue?: number}} Color
 * @typedef {{numberFormat?: {type: string}, backgroundColor?: Color, backgroundColorStyle?: {rgbColor?: Color},
 *   horizontalAlignment?: string, textFormat?: {bold?: boolean, italic?: boolean, strikethrough?: boolean,
 *   underline?: boolean, foregroundColor?: Color, foregroundColorStyle?: {rgbColor?: Color}}}} CellFormat
 * @typedef {{formulaValue?: string, numberValue?: number, stringValue?: string, boolValue?: boolean,
 *   errorValue?: object}} Value
 * @typedef {{formattedValue?: string, userEnteredValue?: Value, effectiveValue?: Value,
 *   userEnteredFormat?: CellFormat}} CellMessage
 * @typedef {{pixelSize: number, hiddenByUser?: boolean}} Column
 * @typedef {{columnMetadata: Column[], rowData?: {values?: CellMessage[]}[]}} RowsMessage
 * @typedef {{first: number, end: number}} Lines  from 0, without the end
 */

/** What Google Sheets refused, in its words. */
export class Refused extends Error {}

export class Sheets {
  #address;
  #revision;

  /**
   * @param {string} person
   * @param {string} spreadsheetId
   */
  constructor(person, spreadsheetId) {
    const id = encodeURIComponent(spreadsheetId);
    this.#address = `/people/${encodeURIComponent(person)}/v4/spreadsheets/${id}`;
    this.#revision = `/spreadsheets/${id}/revision`;
  }

  /**
   * Another text after each change, whoever made it.
   * @returns {Promise<string>}
   */
  async revision() {
    return (await call('GET', this.#revision)).revision;
  }

  /** @returns {Promise<Overview>} */
  overview() {
    return call('GET', `${this.#address}?${new URLSearchParams({ fields: OVERVIEW })}`);
  }

  /**
   * @param {string} title
   * @param {Lines[]} parts
   * @returns {Promise<RowsMessage[]>}
   */
  async rows(title, parts) {
    const ranges = parts.map(({ first, end }) => ['ranges', `${quoted(title)}!${first + 1}:${end}`]);
    const query = new URLSearchParams([['fields', ROWS], ...ranges]);
    return (await call('GET', `${this.#address}?${query}`)).sheets[0].data;
  }

  /**
   * All of them or none.
   * @param {object[]} requests
   */
  batchUpdate(requests) {
    return call('POST', `${this.#address}:batchUpdate`, { requests });
  }

  /**
   * As if it were typed.
   * @param {string} title
   * @param {import('./a1.js').Cell} cell
   * @param {string} text
   */
  enter(title, cell, text) {
    const range = encodeURIComponent(`${quoted(title)}!${cellName(cell)}`);
    return call('PUT', `${this.#address}/values/${range}?valueInputOption=USER_ENTERED`, { values: [[text]] });
  }
}

/**
 * @param {string} person
 * @returns {Promise<string>} the id of the spreadsheet that she made last
 */
export async function newestSpreadsheet(person) {
  return (await call('POST', `/people/${encodeURIComponent(person)}/spreadsheet`)).spreadsheetId;
}

/**
 * @param {string} method
 * @param {string} address
 * @param {object} [body]
 */
async function call(method, address, body) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) }).catch(() => null);
  if (!answer) throw new Refused('The desk cannot be reached. Is the stack still running?');
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.error?.message ?? `The answer was ${answer.status}.`);
  return told;
}
