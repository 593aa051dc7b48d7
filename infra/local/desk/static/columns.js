// The columns of a tab as they stand on the screen.

import { letters } from './a1.js';
import { element } from './element.js';

export class Columns {
  /** @type {number[]} in pixels, 0 for one that is hidden */
  widths;
  /** @type {number[]} those that are not hidden */
  shown;

  /** @param {import('./sheets.js').Column[]} columns */
  constructor(columns) {
    this.widths = columns.map(({ pixelSize, hiddenByUser }) => (hiddenByUser ? 0 : pixelSize));
    this.shown = columns.flatMap(({ hiddenByUser }, column) => (hiddenByUser ? [] : [column]));
  }

  /**
   * How far a column is from the first one; of all of them together where there is none such.
   * @param {number} column
   */
  left(column) {
    return this.widths.slice(0, column).reduce((sum, px) => sum + px, 0);
  }

  /** Their headers; a button stands where columns are hidden. */
  headers() {
    return this.shown.map((column, index) => {
      const header = element('div', { role: 'columnheader', textContent: letters(column), ariaLabel: letters(column) });
      header.dataset.column = String(column);
      header.setAttribute('aria-colindex', String(column + 2));
      const before = { first: (this.shown[index - 1] ?? -1) + 1, end: column };
      header.append(...hiddenMark(before, 'before'));
      if (index === this.shown.length - 1) {
        header.append(...hiddenMark({ first: column + 1, end: this.widths.length }, 'after'));
      }
      return header;
    });
  }
}

/**
 * @param {import('./sheets.js').Lines} hidden
 * @param {'before' | 'after'} side  of the header that it stands at
 */
function hiddenMark({ first, end }, side) {
  if (first === end) return [];
  const names = first === end - 1 ? `column ${letters(first)}` : `columns ${letters(first)}–${letters(end - 1)}`;
  const mark = element('button', { className: `hidden-mark ${side}`, textContent: '◂▸', type: 'button' });
  mark.ariaLabel = `Show ${names}`;
  mark.dataset.unhide = `${first}:${end}`;
  return [mark];
}
