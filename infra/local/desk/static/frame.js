// A page of the add-on in its sandbox: it reaches the desk through google.script alone.

import { element } from './element.js';

const SANDBOX = 'allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals';
const CLIENT = new URL('./apps_script/client.js', import.meta.url);

/**
 * @param {string} html
 * @param {string} title
 * @param {{run(name: string, args: unknown[]): Promise<import('./host.js').Outcome>, close(): void, focus(): void}} desk
 */
export async function framed(html, title, desk) {
  const client = await (await fetch(CLIENT)).text();
  const frame = element('iframe', { title });
  frame.setAttribute('sandbox', SANDBOX);
  frame.srcdoc = withClient(html, client);
  addEventListener('message', async function heard({ source, data }) {
    if (!frame.contentWindow) removeEventListener('message', heard);
    else if (source === frame.contentWindow && data.kind === 'run') {
      const outcome = await desk.run(data.name, data.args);
      frame.contentWindow?.postMessage({ id: data.id, ...outcome }, '*');
    } else if (source === frame.contentWindow && data.kind === 'close') desk.close();
    else if (source === frame.contentWindow && data.kind === 'focus') desk.focus();
  });
  return frame;
}

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
