// HtmlService: pages and templates of the script project, found by name with their folder.

import { Exception } from './permissions.js';

const TAG = /<\?(!=|=)?([\s\S]*?)\?>/g;

/** @param {import('./execution.js').Script} script */
export function installHtmlService({ upload }) {
  /** @param {string} name */
  function page(name) {
    const html = upload.pages[name.replace(/\.html$/, '')];
    if (html === undefined) throw new Exception(`No HTML file named ${name} was found.`);
    return html;
  }
  Object.assign(globalThis, {
    HtmlService: {
      createHtmlOutput: (html = '') => new HtmlOutput(html),
      createHtmlOutputFromFile: (/** @type {string} */ name) => new HtmlOutput(page(name)),
      createTemplate: (/** @type {string} */ html) => new HtmlTemplate(html),
      createTemplateFromFile: (/** @type {string} */ name) => new HtmlTemplate(page(name)),
      XFrameOptionsMode: { ALLOWALL: 'ALLOWALL', DEFAULT: 'DEFAULT' },
    },
  });
}

class HtmlOutput {
  #html;
  #title = '';

  /** @param {string} html */
  constructor(html) {
    this.#html = html;
  }

  getContent() {
    return this.#html;
  }

  getTitle() {
    return this.#title;
  }

  /** @param {string} html */
  append(html) {
    this.#html += html;
    return this;
  }

  /** @param {string} title */
  setTitle(title) {
    this.#title = title;
    return this;
  }

  /** A sidebar is 300 pixels wide, whatever a script asks for. */
  setWidth() {
    return this;
  }
}

/** What is set on it are the variables of its scriptlets. */
class HtmlTemplate {
  /** @type {string} */
  #source;

  /** @param {string} source */
  constructor(source) {
    this.#source = source;
  }

  evaluate() {
    const variables = Object.entries(this);
    const render = new Function('escape_', ...variables.map(([name]) => name), this.getCode());
    return new HtmlOutput(render(escaped, ...variables.map(([, value]) => value)));
  }

  /** The template as a function body: text is written, `<? ?>` runs, `<?= ?>` writes escaped, `<?!= ?>` as it is. */
  getCode() {
    let code = "let output_ = '';\n";
    let end = 0;
    for (const { 0: tag, 1: kind, 2: script = '', index } of this.#source.matchAll(TAG)) {
      code += `output_ += ${JSON.stringify(this.#source.slice(end, index))};\n`;
      const value = script.trim().replace(/;$/, '');
      if (kind === '=') code += `output_ += escape_(${value});\n`;
      else if (kind === '!=') code += `output_ += (${value});\n`;
      else code += `${script}\n`;
      end = index + tag.length;
    }
    return `${code}output_ += ${JSON.stringify(this.#source.slice(end))};\nreturn output_;`;
  }
}

/**
 * Apps Script escapes by context; this is what it does in text and in a quoted attribute.
 * @param {unknown} value
 */
function escaped(value) {
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
