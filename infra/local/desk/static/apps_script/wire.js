// Apps Script's services answer at once: so does a synchronous request, which a worker may make.

const Request = globalThis.XMLHttpRequest;

/** What a server answered, whatever its status. */
export class Answer {
  /** @param {XMLHttpRequest} request */
  constructor(request) {
    this.status = request.status;
    this.text = request.responseText;
  }
}

/**
 * @param {string} method
 * @param {string} url
 * @param {string} [body]
 * @param {{[name: string]: string}} [headers]
 */
export function send(method, url, body, headers = {}) {
  const request = new Request();
  request.open(method, url, false);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.send(body ?? null);
  return new Answer(request);
}

/** @param {string} url */
export function getJson(url) {
  return json(send('GET', url));
}

/**
 * @param {string} url
 * @param {object} body
 */
export function postJson(url, body) {
  return json(send('POST', url, JSON.stringify(body), { 'Content-Type': 'application/json' }));
}

/** @param {Answer} answer */
function json(answer) {
  const body = JSON.parse(answer.text);
  if (answer.status >= 400) throw new Error(body.error?.message ?? `The desk answered ${answer.status}`);
  return body;
}
