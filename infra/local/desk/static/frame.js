// A page of the add-on in its sandbox: it reaches the desk through google.script alone.

import { element } from './element.js';

const SANDBOX = 'allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals';
const CLIENT = new URL('./apps_script/client.js', import.meta.url);

/**
 * @typedef {{run(name: string, args: unknown[]): Promise<import('./host.js').Outcome>, close(): void,
 *   focus(): void}} Desk
 */

/** @type {{frame: HTMLIFrameElement, desk: Desk} | null} there is one at a time */
let open = null;

/**
 * @param {string} html
 * @param {string} title
 * @param {Desk} desk
 */
export async function framed(html, title, desk) {
  const client = await (await fetch(CLIENT)).text();
  const frame = element('iframe', { title });
  frame.setAttribute('sandbox', SANDBOX);
  frame.srcdoc = withClient(html, client);
  open = { frame, desk };
  return frame;
}

addEventListener('message', async ({ source, data }) => {
  if (!open || source !== open.frame.contentWindow) return;
  const { frame, desk } = open;
  if (data.kind === 'close') desk.close();
  else if (data.kind === 'focus') desk.focus();
  else frame.contentWindow?.postMessage({ id: data.id, ...(await desk.run(data.name, data.args)) }, '*');
});

/**
 * @param {string} html
 * @param {string} client
 */
function withClient(html, client) {
  const script = `<script>${client}</script>`;
  const head = /<head[^>]*>/i.exec(html);
  const at = head ? head.index + head[0].length : 0;
  return (at ? '' : '<!DOCTYPE html>') + html.slice(0, at) + script + html.slice(at);
}
