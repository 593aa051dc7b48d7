import { element } from '../element.js';

/** @typedef {string | number | Node | null | undefined} Cell */
/**
 * @template Row
 * @typedef {{heading: string, cell: (row: Row) => Cell, bad?: (row: Row) => boolean, number?: boolean}} Column
 */

/**
 * A table that is drawn anew when its rows are others; the button that had the focus has it afterwards.
 *
 * @template Row
 */
export class Table {
  #body = element('tbody');
  #columns;
  #empty;
  #shown = '';

  /**
   * @param {Element} parent
   * @param {{caption: string, empty: string, columns: Column<Row>[]}} options the first column names the row
   */
  constructor(parent, { caption, empty, columns }) {
    this.#columns = columns;
    this.#empty = empty;
    const table = element('table');
    table.append(element('caption', { textContent: caption }), element('thead'), this.#body);
    table.tHead?.append(element('tr'));
    for (const { heading } of columns)
      table.tHead?.rows[0]?.append(element('th', { scope: 'col', textContent: heading }));
    const scroll = element('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: caption });
    scroll.append(table);
    parent.append(scroll);
  }

  /** @param {Row[]} rows */
  show(rows) {
    const shown = JSON.stringify(rows);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = document.activeElement?.id;
    this.#body.replaceChildren(...(rows.length ? rows.map((row) => this.#row(row)) : [this.#nothing()]));
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  }

  /** @param {Row} row */
  #row(row) {
    const line = element('tr');
    for (const [index, { cell, bad, number }] of this.#columns.entries()) {
      const place = index ? element('td') : element('th', { scope: 'row' });
      place.className = [bad?.(row) ? 'bad' : '', number ? 'number' : ''].join(' ').trim();
      const shown = cell(row) ?? '';
      place.append(typeof shown === 'number' ? `${shown}` : shown);
      line.append(place);
    }
    return line;
  }

  #nothing() {
    const line = element('tr');
    line.append(element('td', { className: 'empty', colSpan: this.#columns.length, textContent: this.#empty }));
    return line;
  }
}
