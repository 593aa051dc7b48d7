// What a person can do to a tab, each as the requests of one batchUpdate.

/**
 * @typedef {import('./selection.js').Area} Area
 * @typedef {'ROWS' | 'COLUMNS'} Dimension
 * @typedef {{sheetId: number, area: Area, frozenRows: number}} Where
 */

/**
 * @param {Where} where
 * @param {Dimension} dimension
 */
function lines({ sheetId, area }, dimension) {
  const [first, last] = dimension === 'ROWS' ? [area.top, area.bottom] : [area.left, area.right];
  return { sheetId, dimension, startIndex: first, endIndex: last + 1 };
}

/** @param {Where} where */
function cells({ sheetId, area }) {
  return {
    sheetId,
    startRowIndex: area.top,
    endRowIndex: area.bottom + 1,
    startColumnIndex: area.left,
    endColumnIndex: area.right + 1,
  };
}

/**
 * @param {Where} where
 * @param {'ASCENDING' | 'DESCENDING'} sortOrder
 */
export function sortSheet({ sheetId, area, frozenRows }, sortOrder) {
  const range = { sheetId, startRowIndex: frozenRows };
  return [{ sortRange: { range, sortSpecs: [{ dimensionIndex: area.left, sortOrder }] } }];
}

/**
 * The selected cells only, by their first column: what stands beside them stays where it is.
 * @param {Where} where
 * @param {'ASCENDING' | 'DESCENDING'} sortOrder
 */
export function sortRange(where, sortOrder) {
  return [{ sortRange: { range: cells(where), sortSpecs: [{ dimensionIndex: where.area.left, sortOrder }] } }];
}

/** @param {Where} where */
export function clear(where) {
  return [{ updateCells: { range: cells(where), fields: 'userEnteredValue' } }];
}

/**
 * As many as are selected.
 * @param {Where} where
 * @param {Dimension} dimension
 * @param {boolean} after
 */
export function insert(where, dimension, after) {
  const { sheetId, startIndex, endIndex } = lines(where, dimension);
  const at = after ? endIndex : startIndex;
  const range = { sheetId, dimension, startIndex: at, endIndex: at + endIndex - startIndex };
  return [{ insertDimension: { range, inheritFromBefore: after } }];
}

/**
 * @param {Where} where
 * @param {Dimension} dimension
 */
export function remove(where, dimension) {
  return [{ deleteDimension: { range: lines(where, dimension) } }];
}

/**
 * One place on.
 * @param {Where} where
 * @param {Dimension} dimension
 * @param {number} by  -1 or 1
 */
export function move(where, dimension, by) {
  const source = lines(where, dimension);
  const destinationIndex = by < 0 ? source.startIndex - 1 : source.endIndex + 1;
  return [{ moveDimension: { source, destinationIndex } }];
}

/**
 * @param {Where} where
 * @param {boolean} hiddenByUser
 */
export function hideColumns(where, hiddenByUser) {
  const range = lines(where, 'COLUMNS');
  return [{ updateDimensionProperties: { range, properties: { hiddenByUser }, fields: 'hiddenByUser' } }];
}

/**
 * @param {number} sheetId
 * @param {number} frozenRowCount
 */
export function freezeRows(sheetId, frozenRowCount) {
  const properties = { sheetId, gridProperties: { frozenRowCount } };
  return [{ updateSheetProperties: { properties, fields: 'gridProperties.frozenRowCount' } }];
}

export function addTab() {
  return [{ addSheet: {} }];
}

/**
 * @param {number} sheetId
 * @param {string} title
 */
export function renameTab(sheetId, title) {
  return [{ updateSheetProperties: { properties: { sheetId, title }, fields: 'title' } }];
}

/** @param {number} sheetId */
export function deleteTab(sheetId) {
  return [{ deleteSheet: { sheetId } }];
}
