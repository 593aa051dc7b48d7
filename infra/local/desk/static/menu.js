// A pop-up menu, by mouse and by keyboard.

import { element } from './element.js';

/** @typedef {{label: string, act: () => void, off?: boolean} | null} Item  null is a line between others */

/**
 * It closes with a choice, Escape, or a click elsewhere.
 * @param {string} label
 * @param {Item[]} items
 * @param {{x: number, y: number}} at
 * @param {HTMLElement} home  gets the focus back from the keyboard
 */
export function openMenu(label, items, at, home) {
  const menu = element('div', { className: 'menu', role: 'menu' });
  menu.setAttribute('aria-label', label);
  menu.append(...items.map((item) => (item ? button(item) : element('hr'))));
  (document.querySelector('main') ?? document.body).append(menu);
  menu.style.left = `${Math.max(0, Math.min(at.x, innerWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(at.y, innerHeight - menu.offsetHeight - 4))}px`;
  const buttons = [...menu.querySelectorAll('button')].filter(({ disabled }) => !disabled);
  buttons[0]?.focus();

  const leave = () => {
    menu.remove();
    removeEventListener('pointerdown', outside, true);
    removeEventListener('blur', leave);
  };
  const close = () => {
    leave();
    home.focus();
  };
  /** @param {PointerEvent} event */
  const outside = ({ target }) => {
    if (!(target instanceof Node && menu.contains(target))) leave();
  };
  addEventListener('pointerdown', outside, true);
  addEventListener('blur', leave);
  menu.addEventListener('keydown', (event) => {
    const now = buttons.findIndex((each) => each.matches(':focus'));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) buttons.at((now + step) % buttons.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** @param {NonNullable<Item>} item */
  function button({ label: textContent, act, off = false }) {
    const made = element('button', { type: 'button', role: 'menuitem', textContent, disabled: off });
    made.addEventListener('click', () => {
      close();
      act();
    });
    return made;
  }
}
