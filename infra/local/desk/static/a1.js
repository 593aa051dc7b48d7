// A1 notation.

/** @typedef {{row: number, column: number}} Cell  both from 0 */

/** @param {number} column  from 0 */
export function letters(column) {
  let text = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}

/** @param {Cell} cell */
export function cellName({ row, column }) {
  return `${letters(column)}${row + 1}`;
}

/**
 * @param {string} text  such as B5
 * @returns {Cell | null}
 */
export function parseCell(text) {
  const [, name = '', number = ''] = /^\s*([A-Z]{1,3})([1-9]\d*)\s*$/i.exec(text) ?? [];
  if (!name) return null;
  const column = [...name.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(number) - 1, column };
}

/** @param {string} title  of a tab */
export function quoted(title) {
  return `'${title.replaceAll("'", "''")}'`;
}
