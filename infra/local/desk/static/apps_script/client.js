// What HtmlService puts into a page: google.script.run and google.script.host. The desk inlines this file into the
// sidebar's frame, before anything of the page runs.
(() => {
  const MOST_CALLS_AT_ONCE = 10;

  /**
   * @typedef {{success: ((value: unknown, user?: unknown) => void) | null,
   *   failure: ((error: Error, user?: unknown) => void) | null, user: unknown}} Handlers
   * @typedef {{name: string, args: unknown[], handlers: Handlers}} Call
   */

  /** @type {Map<number, Call>} */
  const running = new Map();
  /** @type {Call[]} */
  const waiting = [];
  let calls = 0;

  /**
   * A copy of what may travel: primitives, arrays, plain objects.
   * @param {unknown} value
   * @param {string} property
   * @param {unknown[]} within
   * @returns {unknown}
   */
  function legal(value, property, within) {
    if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return value;
    if (value === undefined) return null;
    const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    if (typeof value !== 'object' || !plain || within.includes(value)) {
      throw new TypeError(`Failed due to illegal value in property: ${property}`);
    }
    const path = [...within, value];
    if (Array.isArray(value)) return value.map((item, index) => legal(item, String(index), path));
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([name, item]) => [name, legal(item, name, path)]));
  }

  /** @param {Call} call */
  function start(call) {
    calls += 1;
    running.set(calls, call);
    parent.postMessage({ kind: 'run', id: calls, name: call.name, args: call.args }, '*');
  }

  /**
   * @param {Handlers} handlers
   * @returns {unknown}
   */
  function runner(handlers) {
    return new Proxy(
      {},
      {
        get(_, name) {
          if (name === 'withSuccessHandler') return (/** @type {any} */ success) => runner({ ...handlers, success });
          if (name === 'withFailureHandler') return (/** @type {any} */ failure) => runner({ ...handlers, failure });
          if (name === 'withUserObject') return (/** @type {unknown} */ user) => runner({ ...handlers, user });
          return (/** @type {unknown[]} */ ...args) => {
            const legalArgs = args.map((value, index) => legal(value, String(index), []));
            const call = { name: String(name), args: legalArgs, handlers };
            if (running.size < MOST_CALLS_AT_ONCE) start(call);
            else waiting.push(call);
          };
        },
      },
    );
  }

  addEventListener('message', ({ source, data }) => {
    const call = source === parent ? running.get(data.id) : undefined;
    if (!call) return;
    running.delete(data.id);
    const next = waiting.shift();
    if (next) start(next);
    const { success, failure, user } = call.handlers;
    if (data.kind === 'returned') success?.(data.value, user);
    else if (failure) failure(Object.assign(new Error(data.message), { name: 'ScriptError' }), user);
    else console.error(`Uncaught ${data.message}`);
  });

  const host = {
    origin: '*',
    close: () => parent.postMessage({ kind: 'close' }, '*'),
    setHeight() {},
    setWidth() {},
    editor: { focus: () => parent.postMessage({ kind: 'focus' }, '*') },
  };
  const run = runner({ success: null, failure: null, user: undefined });
  Object.assign(window, { google: { script: { run, host } } });
})();
