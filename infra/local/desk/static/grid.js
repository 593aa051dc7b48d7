// The grid: only the rows in sight are drawn, however many the tab has.

import { Columns } from './columns.js';
import { element } from './element.js';

const ROW_PX = 21;
const HEADER_PX = 24;
const NUMBERS_PX = 46;
const SPARE_ROWS = 12;

/**
 * @typedef {import('./a1.js').Cell} Cell
 * @typedef {{cell: Cell, whole?: 'ROWS' | 'COLUMNS'}} Place  a cell, or the header of a row or column
 */

export class Grid {
  #book;
  #selection;
  #canvas = element('div', { className: 'canvas' });
  #header = element('div', { className: 'row header', role: 'row' });
  #frozen = element('div', { className: 'frozen', role: 'rowgroup' });
  #body = element('div', { className: 'body', role: 'rowgroup' });
  /** @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  #columns = new Columns([]);
  #shape = '';
  #waiting = false;

  /**
   * @param {HTMLElement} root
   * @param {import('./book.js').Book} book
   * @param {import('./selection.js').Selection} selection
   */
  constructor(root, book, selection) {
    this.root = root;
    this.#book = book;
    this.#selection = selection;
    root.tabIndex = 0;
    root.setAttribute('role', 'grid');
    root.setAttribute('aria-multiselectable', 'true');
    this.#header.setAttribute('aria-rowindex', '1');
    this.#canvas.append(this.#header, this.#frozen, this.#body);
    root.append(this.#canvas);
    root.addEventListener('scroll', () => this.#soon());
    new ResizeObserver(() => this.#soon()).observe(root);
    this.#canvas.addEventListener('animationend', ({ target }) => {
      if (target instanceof Element) target.classList.remove('changed');
    });
    book.addEventListener('overview', () => this.#layOut());
    book.addEventListener('rows', (event) => {
      this.#draw();
      if (event instanceof CustomEvent) this.#flash(event.detail);
    });
    selection.addEventListener('moved', () => this.#draw());
  }

  /** How many rows fit into the window. */
  get page() {
    return Math.max(1, Math.floor((this.root.clientHeight - HEADER_PX) / ROW_PX) - 1);
  }

  /**
   * Where on the grid an element is.
   * @param {EventTarget | null} target
   * @returns {Place | null}
   */
  placeOf(target) {
    const found = target instanceof Element ? target.closest('[data-row], [data-column]') : null;
    if (!(found instanceof HTMLElement) || !this.root.contains(found)) return null;
    const { row, column } = found.dataset;
    const cell = { row: Number(row ?? 0), column: Number(column ?? 0) };
    if (row === undefined) return { cell, whole: 'COLUMNS' };
    return column === undefined ? { cell, whole: 'ROWS' } : { cell };
  }

  /** @param {Cell} cell */
  boxOf({ row, column }) {
    return this.root.querySelector(`#cell-${row}-${column}`)?.getBoundingClientRect();
  }

  /** @param {Cell} cell */
  bringIntoSight({ row, column }) {
    const { root } = this;
    const { frozenRowCount } = this.#book.size;
    if (row >= frozenRowCount) {
      const top = (row - frozenRowCount) * ROW_PX;
      const room = root.clientHeight - HEADER_PX - frozenRowCount * ROW_PX - ROW_PX;
      if (root.scrollTop > top) root.scrollTop = top;
      else if (root.scrollTop < top - room) root.scrollTop = top - room;
    }
    const left = this.#columns.left(column);
    const space = root.clientWidth - NUMBERS_PX - (this.#columns.widths[column] ?? 0);
    if (root.scrollLeft > left) root.scrollLeft = left;
    else if (root.scrollLeft < left - space) root.scrollLeft = left - space;
  }

  #layOut() {
    const { rowCount, columnCount, frozenRowCount } = this.#book.size;
    const shape = JSON.stringify([this.#book.sheet?.properties, this.#book.columns]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#columns = new Columns(this.#book.columns);
    const widths = this.#columns.shown.map((column) => `${this.#columns.widths[column]}px`);
    this.#canvas.style.setProperty('--columns', `${NUMBERS_PX}px ${widths.join(' ')}`);
    this.#canvas.style.width = `${NUMBERS_PX + this.#columns.left(columnCount)}px`;
    this.#body.style.height = `${(rowCount - frozenRowCount) * ROW_PX}px`;
    this.root.setAttribute('aria-rowcount', String(rowCount + 1));
    this.root.setAttribute('aria-colcount', String(columnCount + 1));
    this.root.setAttribute('aria-label', this.#book.sheet?.properties.title ?? '');
    const corner = element('div', { className: 'corner', role: 'gridcell' });
    this.#header.replaceChildren(corner, ...this.#columns.headers());
    for (const row of [...this.#drawn.keys()]) this.#erase(row);
  }

  #soon() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  #draw() {
    const { rowCount, frozenRowCount } = this.#book.size;
    const top = Math.floor(this.root.scrollTop / ROW_PX) + frozenRowCount;
    const first = Math.max(frozenRowCount, top - SPARE_ROWS);
    const end = Math.min(rowCount, top + this.page + SPARE_ROWS);
    for (const row of [...this.#drawn.keys()]) {
      if (row >= frozenRowCount && (row < first || row >= end)) this.#erase(row);
    }
    for (let row = 0; row < frozenRowCount; row += 1) this.#drawRow(row, this.#frozen);
    for (let row = first; row < end; row += 1) this.#drawRow(row, this.#body);
    const { row, column } = this.#selection.active;
    this.root.setAttribute('aria-activedescendant', `cell-${row}-${column}`);
    this.#header.querySelectorAll('[data-column]').forEach((header) => {
      const { left, right } = this.#selection.area;
      const at = Number(/** @type {HTMLElement} */ (header).dataset.column);
      header.classList.toggle('selected', left <= at && at <= right);
    });
    this.#book.see({ first, end });
  }

  /**
   * @param {number} row
   * @param {HTMLElement} parent
   */
  #drawRow(row, parent) {
    const drawn = this.#drawn.get(row);
    const line = drawn ?? this.#newRow(row);
    for (const cell of line.children) {
      const column = Number(/** @type {HTMLElement} */ (cell).dataset.column ?? -1);
      if (column >= 0) this.#drawCell(/** @type {HTMLElement} */ (cell), { row, column });
    }
    const { top, bottom } = this.#selection.area;
    line.firstElementChild?.classList.toggle('selected', top <= row && row <= bottom);
    if (drawn) return;
    this.#drawn.set(row, line);
    if (parent === this.#body) line.style.top = `${(row - this.#book.size.frozenRowCount) * ROW_PX}px`;
    parent.append(line);
  }

  /** @param {number} row */
  #newRow(row) {
    const line = element('div', { className: 'row', role: 'row' });
    line.setAttribute('aria-rowindex', String(row + 2));
    const number = element('div', { role: 'rowheader', textContent: String(row + 1) });
    number.dataset.row = String(row);
    line.append(number);
    for (const column of this.#columns.shown) {
      const cell = element('div', { id: `cell-${row}-${column}`, role: 'gridcell' });
      cell.dataset.row = String(row);
      cell.dataset.column = String(column);
      cell.setAttribute('aria-colindex', String(column + 2));
      if (column < this.#book.size.frozenColumnCount) {
        cell.classList.add('frozen-column');
        cell.style.left = `${NUMBERS_PX + this.#columns.left(column)}px`;
      }
      line.append(cell);
    }
    return line;
  }

  /**
   * @param {HTMLElement} element
   * @param {Cell} cell
   */
  #drawCell(element, cell) {
    const view = this.#book.cell(cell);
    if (element.textContent !== view.text) element.textContent = view.text;
    const left = element.style.left;
    if (element.dataset.style !== view.style) {
      element.dataset.style = view.style;
      element.style.cssText = view.style;
      element.style.left = left;
    }
    element.classList.toggle('number', view.numeric);
    element.classList.toggle('protected', this.#protects(cell));
    const { active } = this.#selection;
    element.classList.toggle('active', active.row === cell.row && active.column === cell.column);
    element.setAttribute('aria-selected', String(this.#selection.includes(cell)));
    element.title = view.text.length > 12 ? view.text : '';
  }

  /** @param {Cell} cell */
  #protects({ row, column }) {
    return (this.#book.sheet?.protectedRanges ?? []).some(
      ({ range: { startRowIndex = 0, endRowIndex = 1e9, startColumnIndex = 0, endColumnIndex = 1e9 } }) =>
        startRowIndex <= row && row < endRowIndex && startColumnIndex <= column && column < endColumnIndex,
    );
  }

  /** @param {number} row */
  #erase(row) {
    this.#drawn.get(row)?.remove();
    this.#drawn.delete(row);
  }

  /** @param {Set<string>} cells  as `row:column` */
  #flash(cells) {
    for (const name of cells) {
      this.root.querySelector(`#cell-${name.replace(':', '-')}`)?.classList.add('changed');
    }
  }
}
