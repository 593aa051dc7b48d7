// What stands beside the grid: the add-on's sidebar or its homepage card, one at a time.

import { element } from './element.js';

export class Panel {
  #root;
  #grid;

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} grid  gets the focus back
   */
  constructor(root, grid) {
    this.#root = root;
    this.#grid = grid;
  }

  /**
   * @param {string} title
   * @param {HTMLElement} content
   */
  open(title, content) {
    const close = element('button', { type: 'button', className: 'icon', textContent: '✕' });
    close.setAttribute('aria-label', `Close ${title}`);
    close.addEventListener('click', () => this.close());
    const heading = element('header');
    heading.append(element('h2', { textContent: title }), close);
    this.#root.setAttribute('aria-label', title);
    this.#root.replaceChildren(heading, content);
    this.#root.hidden = false;
  }

  close() {
    this.#root.hidden = true;
    this.#root.replaceChildren();
    this.#grid.focus();
  }
}
