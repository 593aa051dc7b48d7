// The tabs at the foot of the page.

import { addTab, deleteTab, renameTab } from './edits.js';
import { element } from './element.js';
import { openMenu } from './menu.js';

export class Tabs {
  #book;
  #attempt;
  #list = element('div', { role: 'tablist' });

  /**
   * @param {HTMLElement} root
   * @param {import('./book.js').Book} book
   * @param {(work: Promise<unknown>) => void} attempt
   */
  constructor(root, book, attempt) {
    this.#book = book;
    this.#attempt = attempt;
    this.#list.setAttribute('aria-label', 'Sheets');
    const add = element('button', { type: 'button', className: 'icon', textContent: '+', title: 'Add a sheet' });
    add.setAttribute('aria-label', 'Add a sheet');
    add.addEventListener('click', () => attempt(this.#add()));
    root.append(add, this.#list);
    this.#list.addEventListener('keydown', (event) => this.#pressed(event));
    book.addEventListener('overview', () => this.#draw());
  }

  #draw() {
    const shown = this.#book.tabs.filter(({ properties }) => !properties.hidden);
    const now = JSON.stringify([this.#book.sheetId, shown.map(({ properties }) => properties)]);
    if (this.#list.dataset.drawn === now || this.#list.querySelector('input')) return;
    this.#list.dataset.drawn = now;
    const focused = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...shown.map(({ properties }) => this.#tab(properties.sheetId ?? 0, properties.title)));
    if (focused) this.#selected()?.focus();
  }

  #selected() {
    const found = this.#list.querySelector('[aria-selected=true]');
    return found instanceof HTMLElement ? found : null;
  }

  /**
   * @param {number} sheetId
   * @param {string} title
   */
  #tab(sheetId, title) {
    const selected = sheetId === this.#book.sheetId;
    const tab = element('button', { type: 'button', role: 'tab', textContent: title, tabIndex: selected ? 0 : -1 });
    tab.setAttribute('aria-selected', String(selected));
    tab.addEventListener('click', () => this.#attempt(this.#book.open(sheetId)));
    tab.addEventListener('dblclick', () => this.#rename(tab, sheetId));
    tab.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      const { left, top } = tab.getBoundingClientRect();
      const items = [
        { label: 'Rename', act: () => this.#rename(this.#selected() ?? tab, sheetId) },
        { label: 'Delete', act: () => this.#change(deleteTab(sheetId)), off: this.#book.tabs.length < 2 },
      ];
      this.#attempt(this.#book.open(sheetId).then(() => openMenu(title, items, { x: left, y: top }, tab)));
    });
    return tab;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tabs = [...this.#list.querySelectorAll('button')];
    const now = tabs.findIndex((tab) => tab.matches(':focus'));
    if (step && now >= 0) tabs.at((now + step) % tabs.length)?.click();
  }

  /**
   * @param {HTMLElement} tab
   * @param {number} sheetId
   */
  #rename(tab, sheetId) {
    const before = tab.textContent ?? '';
    const input = element('input', { value: before });
    input.setAttribute('aria-label', `Name of ${before}`);
    tab.replaceWith(input);
    input.select();
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') input.value = before;
      if (event.key === 'Escape' || event.key === 'Enter') {
        input.blur();
        tab.focus();
      }
    });
    input.addEventListener('blur', () => {
      input.replaceWith(tab);
      if (input.value !== before) this.#change(renameTab(sheetId, input.value));
    });
  }

  async #add() {
    const answer = await this.#book.edit((sheets) => sheets.batchUpdate(addTab()));
    await this.#book.open(answer.replies[0].addSheet.properties.sheetId ?? 0);
  }

  /** @param {object[]} requests */
  #change(requests) {
    this.#attempt(this.#book.edit((sheets) => sheets.batchUpdate(requests)));
  }
}
