// What the menus offer, for what is selected.

import * as edits from './edits.js';

/** @typedef {import('./menu.js').Item} Item */

export class Actions {
  #book;
  #selection;
  #attempt;

  /**
   * @param {import('./book.js').Book} book
   * @param {import('./selection.js').Selection} selection
   * @param {(work: Promise<unknown>) => void} attempt  tells the person what went wrong
   */
  constructor(book, selection, attempt) {
    this.#book = book;
    this.#selection = selection;
    this.#attempt = attempt;
  }

  /**
   * @param {import('./a1.js').Cell} cell
   * @param {string} text
   */
  enter(cell, text) {
    const title = this.#book.sheet?.properties.title ?? '';
    this.#attempt(this.#book.edit((sheets) => sheets.enter(title, cell, text)));
  }

  clear() {
    this.#do(edits.clear(this.#where()));
  }

  /** @param {string} columns  `first:end` */
  show(columns) {
    const [first = 0, end = 0] = columns.split(':').map(Number);
    const area = { ...this.#selection.area, left: first, right: end - 1 };
    this.#do(edits.hideColumns({ ...this.#where(), area }, false));
  }

  /** @returns {{[menu: string]: Item[]}} */
  menus() {
    return { Edit: this.#editing(), View: this.#viewing(), Insert: this.#inserting(), Data: this.#sorting() };
  }

  /** @returns {Item[]} */
  contextMenu() {
    return [...this.#inserting(), null, ...this.#editing(), null, ...this.#viewing(), null, ...this.#sorting()];
  }

  /** @returns {Item[]} */
  #editing() {
    const { area } = this.#where();
    const rows = area.top === area.bottom ? `row ${area.top + 1}` : `rows ${area.top + 1}–${area.bottom + 1}`;
    const { columnCount } = this.#book.size;
    return [
      this.#item('Delete values', edits.clear),
      this.#item(`Delete ${rows}`, (where) => edits.remove(where, 'ROWS')),
      this.#item('Delete column', (where) => edits.remove(where, 'COLUMNS')),
      this.#item('Move column left', (where) => edits.move(where, 'COLUMNS', -1), area.left === 0),
      this.#item('Move column right', (where) => edits.move(where, 'COLUMNS', 1), area.right >= columnCount - 1),
    ];
  }

  /** @returns {Item[]} */
  #viewing() {
    const frozen = this.#book.size.frozenRowCount;
    return [
      this.#item('Hide column', (where) => edits.hideColumns(where, true)),
      frozen
        ? this.#item('Unfreeze rows', ({ sheetId }) => edits.freezeRows(sheetId, 0))
        : this.#item('Freeze first row', ({ sheetId }) => edits.freezeRows(sheetId, 1)),
    ];
  }

  /** @returns {Item[]} */
  #inserting() {
    return [
      this.#item('Insert row above', (where) => edits.insert(where, 'ROWS', false)),
      this.#item('Insert row below', (where) => edits.insert(where, 'ROWS', true)),
      this.#item('Insert column left', (where) => edits.insert(where, 'COLUMNS', false)),
      this.#item('Insert column right', (where) => edits.insert(where, 'COLUMNS', true)),
    ];
  }

  /** @returns {Item[]} */
  #sorting() {
    const { active, end } = this.#selection;
    const one = active.row === end.row;
    return [
      this.#item('Sort sheet A to Z', (where) => edits.sortSheet(where, 'ASCENDING')),
      this.#item('Sort sheet Z to A', (where) => edits.sortSheet(where, 'DESCENDING')),
      this.#item('Sort range A to Z', (where) => edits.sortRange(where, 'ASCENDING'), one),
      this.#item('Sort range Z to A', (where) => edits.sortRange(where, 'DESCENDING'), one),
    ];
  }

  /**
   * @param {string} label
   * @param {(where: edits.Where) => object[]} requests
   * @param {boolean} [off]
   */
  #item(label, requests, off = false) {
    return { label, off, act: () => this.#do(requests(this.#where())) };
  }

  #where() {
    return { sheetId: this.#book.sheetId, area: this.#selection.area, frozenRows: this.#book.size.frozenRowCount };
  }

  /** @param {object[]} requests */
  #do(requests) {
    this.#attempt(this.#book.edit((sheets) => sheets.batchUpdate(requests)));
  }
}
