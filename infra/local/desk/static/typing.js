// The keyboard and the mouse on the grid: moving, selecting, typing into cells.

import { cellName, parseCell } from './a1.js';
import { element } from './element.js';

const STEPS = /** @type {{[key: string]: [number, number]}} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/** @typedef {import('./a1.js').Cell} Cell */

export class Typing {
  #book;
  #grid;
  #selection;
  #actions;
  #address;
  #formula;

  /**
   * @param {object} parts
   * @param {import('./book.js').Book} parts.book
   * @param {import('./grid.js').Grid} parts.grid
   * @param {import('./selection.js').Selection} parts.selection
   * @param {{enter(cell: Cell, text: string): void, clear(): void, menuAt(place: {x: number, y: number}): void}} parts.actions
   * @param {HTMLInputElement} parts.address
   * @param {HTMLInputElement} parts.formula
   */
  constructor({ book, grid, selection, actions, address, formula }) {
    this.#book = book;
    this.#grid = grid;
    this.#selection = selection;
    this.#actions = actions;
    this.#address = address;
    this.#formula = formula;
    grid.root.addEventListener('keydown', (event) => this.#pressed(event));
    grid.root.addEventListener('pointerdown', (event) => this.#pointed(event));
    grid.root.addEventListener('pointerover', (event) => this.#dragged(event));
    grid.root.addEventListener('dblclick', () => this.#edit(this.#entered()));
    grid.root.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      actions.menuAt({ x: event.clientX, y: event.clientY });
    });
    address.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') this.#goTo(address.value);
    });
    address.addEventListener('blur', () => this.#show());
    formula.addEventListener('keydown', (event) => this.#typedAbove(event));
    selection.addEventListener('moved', () => this.#show());
    book.addEventListener('rows', () => this.#show());
  }

  #entered() {
    return this.#book.cell(this.#selection.active).entered;
  }

  #show() {
    if (document.activeElement !== this.#address) this.#address.value = cellName(this.#selection.active);
    if (document.activeElement !== this.#formula) this.#formula.value = this.#entered();
  }

  /** @param {string} text  such as B5 */
  #goTo(text) {
    const cell = parseCell(text);
    if (cell) this.#move(this.#within(cell));
    this.#grid.root.focus();
  }

  /** @param {KeyboardEvent} event */
  #typedAbove(event) {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    const { value } = this.#formula;
    this.#grid.root.focus();
    if (event.key === 'Enter') this.#actions.enter(this.#selection.active, value);
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.target !== this.#grid.root) return;
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const far = ctrlKey || metaKey;
    if (STEPS[key]) this.#step(STEPS[key], { extend: shiftKey, far });
    else if (key === 'PageDown' || key === 'PageUp') {
      this.#step([key === 'PageUp' ? -this.#grid.page : this.#grid.page, 0], { extend: shiftKey, far: false });
    } else if (key === 'Home') this.#step([far ? -Infinity : 0, -Infinity], { extend: shiftKey, far: false });
    else if (key === 'End') this.#step([far ? Infinity : 0, Infinity], { extend: shiftKey, far: false });
    else if (key === 'Tab') this.#step([0, shiftKey ? -1 : 1], { extend: false, far: false });
    else if (key === 'Enter' || key === 'F2') this.#edit(this.#entered());
    else if (key === 'Delete' || key === 'Backspace') this.#actions.clear();
    else if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
      const { left = 0, bottom = 0 } = this.#grid.boxOf(this.#selection.active) ?? {};
      this.#actions.menuAt({ x: left, y: bottom });
    } else if (key.length === 1 && !far && !altKey) this.#edit(key);
    else return;
    event.preventDefault();
  }

  /**
   * @param {[number, number]} by
   * @param {{extend: boolean, far: boolean}} how  far: to the edge of the tab
   */
  #step([rows, columns], { extend, far }) {
    const { active, end } = this.#selection;
    const from = extend ? end : active;
    const times = far ? Infinity : 1;
    /** @type {(now: number, step: number) => number} */
    const moved = (now, step) => (step === 0 ? now : now + step * times);
    const cell = this.#within({ row: moved(from.row, rows), column: moved(from.column, columns) }, columns);
    this.#move(cell, extend ? active : cell);
  }

  /**
   * @param {Cell} cell
   * @param {Cell} [active]
   */
  #move(cell, active = cell) {
    this.#grid.bringIntoSight(cell);
    this.#selection.set(active, cell);
  }

  /**
   * The nearest cell that there is; hidden columns are stepped over.
   * @param {Cell} cell
   * @param {number} [columns]  the step that led here
   */
  #within({ row, column }, columns = 0) {
    const { rowCount, columnCount } = this.#book.size;
    /** @type {(value: number, count: number) => number} */
    const inside = (value, count) => Math.max(0, Math.min(value, count - 1));
    const step = columns < 0 ? -1 : 1;
    let shown = inside(column, columnCount);
    while (
      columns !== 0 &&
      this.#book.columns[shown]?.hiddenByUser &&
      shown + step >= 0 &&
      shown + step < columnCount
    ) {
      shown += step;
    }
    return { row: inside(row, rowCount), column: shown };
  }

  /** @param {PointerEvent} event */
  #pointed(event) {
    const place = this.#grid.placeOf(event.target);
    if (!place || event.target instanceof HTMLButtonElement) return;
    const { rowCount, columnCount } = this.#book.size;
    const { cell, whole } = place;
    const { row, column } = cell;
    if (event.button !== 0 && this.#selection.includes(cell) && !whole) return;
    if (whole === 'COLUMNS') this.#selection.set({ row: 0, column }, { row: rowCount - 1, column });
    else if (whole === 'ROWS') this.#selection.set({ row, column: 0 }, { row, column: columnCount - 1 });
    else this.#selection.set(event.shiftKey ? this.#selection.active : cell, cell);
  }

  /** @param {PointerEvent} event */
  #dragged(event) {
    const place = event.buttons === 1 ? this.#grid.placeOf(event.target) : null;
    if (place && !place.whole) this.#selection.set(this.#selection.active, place.cell);
  }

  /** @param {string} text  to start with */
  #edit(text) {
    const cell = this.#selection.active;
    const before = this.#entered();
    const { left = 0, top = 0, width = 100, height = 21 } = this.#grid.boxOf(cell) ?? {};
    const input = element('input', { className: 'cell-editor', value: text });
    input.setAttribute('aria-label', `Edit ${cellName(cell)}`);
    Object.assign(input.style, { left: `${left}px`, top: `${top}px`, minWidth: `${width}px`, height: `${height}px` });
    document.body.append(input);
    input.focus();
    let open = true;
    /** @param {boolean} keep */
    const close = (keep) => {
      if (!open) return;
      open = false;
      input.remove();
      if (keep && input.value !== before) this.#actions.enter(cell, input.value);
    };
    input.addEventListener('blur', () => close(true));
    input.addEventListener('keydown', (event) => {
      const step = /** @type {{[key: string]: [number, number]}} */ ({ Enter: [1, 0], Tab: [0, 1], Escape: [0, 0] })[
        event.key
      ];
      if (!step) return;
      event.preventDefault();
      close(event.key !== 'Escape');
      this.#grid.root.focus();
      if (event.key !== 'Escape') this.#step(step, { extend: false, far: false });
    });
  }
}
