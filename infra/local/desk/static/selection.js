// Which cells are selected: a rectangle between where it began and the active cell's opposite corner.

/**
 * @typedef {import('./a1.js').Cell} Cell
 * @typedef {{top: number, left: number, bottom: number, right: number}} Area  bottom and right are included
 */

/** Tells with a `moved` event. */
export class Selection extends EventTarget {
  /** @type {Cell} where typing goes */
  active = { row: 0, column: 0 };
  /** @type {Cell} */
  end = this.active;

  /** @returns {Area} */
  get area() {
    const { active, end } = this;
    return {
      top: Math.min(active.row, end.row),
      left: Math.min(active.column, end.column),
      bottom: Math.max(active.row, end.row),
      right: Math.max(active.column, end.column),
    };
  }

  /** @param {Cell} cell */
  includes({ row, column }) {
    const { top, left, bottom, right } = this.area;
    return top <= row && row <= bottom && left <= column && column <= right;
  }

  /**
   * @param {Cell} active
   * @param {Cell} [end]
   */
  set(active, end = active) {
    this.active = active;
    this.end = end;
    this.dispatchEvent(new Event('moved'));
  }
}
