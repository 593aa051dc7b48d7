// A cell as it is shown, from the cell as the Sheets API tells it.

/**
 * @typedef {{text: string, entered: string, numeric: boolean, style: string}} CellView  `entered` is what an editor
 *   starts with
 */

/** @type {CellView} */
export const EMPTY = { text: '', entered: '', numeric: false, style: '' };

const DATES = ['DATE', 'TIME', 'DATE_TIME'];

/**
 * @param {import('./sheets.js').CellMessage} message
 * @returns {CellView}
 */
export function cellView({ formattedValue: text = '', userEnteredValue, effectiveValue, userEnteredFormat = {} }) {
  return {
    text,
    entered: entered(userEnteredValue, userEnteredFormat, text),
    numeric: effectiveValue?.numberValue !== undefined,
    style: style(userEnteredFormat),
  };
}

/**
 * @param {import('./sheets.js').Value | undefined} value
 * @param {import('./sheets.js').CellFormat} format
 * @param {string} shown
 */
function entered(value, format, shown) {
  if (value?.formulaValue !== undefined) return value.formulaValue;
  const written = DATES.includes(format.numberFormat?.type ?? '');
  return value?.numberValue === undefined || written ? shown : String(value.numberValue);
}

/** @param {import('./sheets.js').CellFormat} format */
function style({ textFormat = {}, horizontalAlignment, backgroundColorStyle, backgroundColor }) {
  const lines = [textFormat.strikethrough && 'line-through', textFormat.underline && 'underline'].filter(Boolean);
  return [
    textFormat.bold && 'font-weight:bold',
    textFormat.italic && 'font-style:italic',
    lines.length > 0 && `text-decoration:${lines.join(' ')}`,
    horizontalAlignment && `text-align:${horizontalAlignment.toLowerCase()}`,
    color('background-color', backgroundColorStyle?.rgbColor ?? backgroundColor),
    color('color', textFormat.foregroundColorStyle?.rgbColor ?? textFormat.foregroundColor),
  ]
    .filter(Boolean)
    .join(';');
}

/**
 * @param {string} property
 * @param {import('./sheets.js').Color | undefined} rgb  shares of 1; what is missing is 0
 */
function color(property, rgb) {
  if (!rgb) return '';
  const parts = [rgb.red, rgb.green, rgb.blue].map((share = 0) => Math.round(share * 255));
  return `${property}:rgb(${parts.join(' ')})`;
}
