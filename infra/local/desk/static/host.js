// Runs the add-on's functions, each in a worker of its own, and hands on what they ask the editor to show.

/**
 * @typedef {{kind: 'menu', title?: string, items: ({label: string, functionName: string} | null)[]}
 *   | {kind: 'sidebar', title: string, html: string} | {kind: 'notice', text: string}
 *   | {kind: 'activate', sheetId: number}} Shown
 * @typedef {{kind: 'returned', value: unknown} | {kind: 'threw', message: string}} Outcome
 */

export class Host {
  #person;
  #spreadsheetId;
  #activeSheetId;
  #show;

  /**
   * @param {object} parts
   * @param {string} parts.person
   * @param {string} parts.spreadsheetId
   * @param {() => number} parts.activeSheetId
   * @param {(shown: Shown) => void} parts.show
   */
  constructor({ person, spreadsheetId, activeSheetId, show }) {
    this.#person = person;
    this.#spreadsheetId = spreadsheetId;
    this.#activeSheetId = activeSheetId;
    this.#show = show;
  }

  /**
   * @param {string} functionName
   * @param {unknown[]} args
   * @param {'NONE' | 'FULL'} authMode
   * @returns {Promise<Outcome>}
   */
  execute(functionName, args, authMode = 'FULL') {
    const worker = new Worker(new URL('./apps_script/worker.js', import.meta.url), { name: functionName });
    return new Promise((resolve) => {
      /** @param {Outcome} outcome */
      const end = (outcome) => {
        worker.terminate();
        resolve(outcome);
      };
      worker.addEventListener('error', ({ message }) => end({ kind: 'threw', message }));
      worker.addEventListener('message', ({ data }) => {
        if (data.kind === 'returned' || data.kind === 'threw') end(data);
        else this.#show(data);
      });
      const place = { person: this.#person, spreadsheetId: this.#spreadsheetId, activeSheetId: this.#activeSheetId() };
      worker.postMessage({ functionName, args, authMode, ...place });
    });
  }
}
