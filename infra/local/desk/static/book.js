// The open spreadsheet, live: what is looked at is read, and read again when anybody has changed anything.

import { cellView, EMPTY } from './cells.js';

const BLOCK_ROWS = 100;
const LOOK_EVERY_MS = 300;

/** @typedef {import('./cells.js').CellView[]} Row */

/**
 * Tells with events: `overview` (tabs, columns), `rows` (detail: the Set of changed cells, as `row:column`),
 * `trouble` (detail: a sentence, or nothing once it is over).
 */
export class Book extends EventTarget {
  /** @type {import('./sheets.js').Overview | null} */
  overview = null;
  /** @type {import('./sheets.js').Column[]} */
  columns = [];
  sheetId = 0;

  #sheets;
  #revision = '';
  #troubled = false;
  /** @type {Map<number, Row[]>} */
  #blocks = new Map();
  /** @type {Set<number>} */
  #asked = new Set();
  #generation = 0;
  #seen = { first: 0, end: BLOCK_ROWS };
  #refreshed = Promise.resolve();

  /** @param {import('./sheets.js').Sheets} sheets */
  constructor(sheets) {
    super();
    this.#sheets = sheets;
  }

  get tabs() {
    return this.overview?.sheets ?? [];
  }

  get sheet() {
    return this.tabs.find(({ properties }) => (properties.sheetId ?? 0) === this.sheetId) ?? this.tabs[0];
  }

  get size() {
    const {
      rowCount = 0,
      columnCount = 0,
      frozenRowCount = 0,
      frozenColumnCount = 0,
    } = this.sheet?.properties.gridProperties ?? {};
    return { rowCount, columnCount, frozenRowCount, frozenColumnCount };
  }

  /**
   * @param {import('./a1.js').Cell} cell
   * @returns {import('./cells.js').CellView}
   */
  cell({ row, column }) {
    const block = this.#blocks.get(Math.floor(row / BLOCK_ROWS));
    return block?.[row % BLOCK_ROWS]?.[column] ?? EMPTY;
  }

  /**
   * These rows are looked at now.
   * @param {import('./sheets.js').Lines} rows
   */
  see(rows) {
    this.#seen = rows;
    if (!this.sheet) return;
    const missing = this.#seenBlocks().filter((block) => !this.#blocks.has(block) && !this.#asked.has(block));
    if (missing.length > 0) this.#watched(() => this.#load(missing));
  }

  /** @param {number} sheetId */
  async open(sheetId) {
    if (sheetId === this.sheetId) return;
    this.sheetId = sheetId;
    this.#seen = { first: 0, end: BLOCK_ROWS };
    this.#blocks.clear();
    await this.refresh();
  }

  /**
   * One edit of the person's; what it changed shows when this is done. Raises Refused.
   * @param {(sheets: import('./sheets.js').Sheets) => Promise<any>} change
   */
  async edit(change) {
    const answer = await change(this.#sheets);
    await this.refresh();
    return answer;
  }

  /** Reads again what is looked at, after what is being read already. */
  refresh() {
    const read = this.#refreshed.then(() => this.#refresh());
    this.#refreshed = read.catch(() => {});
    return read;
  }

  /** Never ends. */
  async watch() {
    for (;;) {
      if (!document.hidden) {
        await this.#watched(async () => {
          const revision = await this.#sheets.revision();
          if (revision !== this.#revision) {
            await this.refresh();
            this.#revision = revision;
          }
        });
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #refresh() {
    this.overview = await this.#sheets.overview();
    const { sheet } = this;
    if (sheet) this.sheetId = sheet.properties.sheetId ?? 0;
    this.#generation += 1;
    this.#asked.clear();
    await this.#load(this.#seenBlocks());
  }

  /** @param {number[]} blocks */
  async #load(blocks) {
    const generation = this.#generation;
    const title = this.sheet?.properties.title ?? '';
    for (const block of blocks) this.#asked.add(block);
    const { rowCount } = this.size;
    const parts = blocks.map((block) => ({
      first: block * BLOCK_ROWS,
      end: Math.min((block + 1) * BLOCK_ROWS, rowCount),
    }));
    const found = await this.#sheets.rows(title, parts);
    if (generation !== this.#generation) return;
    const before = this.#blocks;
    this.#blocks = new Map([...before].filter(([block]) => this.#asked.has(block)));
    this.columns = found[0]?.columnMetadata ?? this.columns;
    const changed = new Set();
    for (const [index, block] of blocks.entries()) {
      const rows = (found[index]?.rowData ?? []).map(({ values = [] }) => values.map(cellView));
      for (const name of differences(before.get(block), rows, block * BLOCK_ROWS)) changed.add(name);
      this.#blocks.set(block, rows);
    }
    this.dispatchEvent(new Event('overview'));
    this.dispatchEvent(new CustomEvent('rows', { detail: changed }));
  }

  #seenBlocks() {
    const { rowCount, frozenRowCount } = this.size;
    const end = Math.max(Math.min(this.#seen.end, rowCount), 1);
    const first = Math.min(this.#seen.first, end - 1);
    const blocks = new Set(frozenRowCount > 0 ? [0] : []);
    for (let row = first; row < end; row += BLOCK_ROWS) blocks.add(Math.floor(row / BLOCK_ROWS));
    return [...blocks.add(Math.floor((end - 1) / BLOCK_ROWS))];
  }

  /** @param {() => Promise<void>} work  whose failure is told, and told to be over with the next success */
  async #watched(work) {
    try {
      await work();
      if (this.#troubled) this.#tell(null);
    } catch (error) {
      this.#asked.clear();
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string | null} trouble */
  #tell(trouble) {
    this.#troubled = trouble !== null;
    this.dispatchEvent(new CustomEvent('trouble', { detail: trouble }));
  }
}

/**
 * Which cells read otherwise now; none where the block is seen for the first time.
 * @param {Row[] | undefined} before
 * @param {Row[]} now
 * @param {number} first
 */
function* differences(before, now, first) {
  if (!before) return;
  for (let row = 0; row < Math.max(before.length, now.length); row += 1) {
    const [old = [], fresh = []] = [before[row], now[row]];
    for (let column = 0; column < Math.max(old.length, fresh.length); column += 1) {
      if ((old[column] ?? EMPTY).text !== (fresh[column] ?? EMPTY).text) yield `${first + row}:${column}`;
    }
  }
}
