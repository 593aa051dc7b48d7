// A homepage card, drawn as plain HTML.

import { element } from './element.js';

/**
 * @typedef {{type: string, title?: string, subtitle?: string, text?: string, topLabel?: string, bottomLabel?: string,
 *   imageUrl?: string, altText?: string, header?: Part | string, name?: string, functionName?: string,
 *   onClickAction?: Part, openLink?: Part, url?: string, button?: Part, disabled?: boolean, parts?: Part[]}} Part
 */

/**
 * @param {Part} card
 * @param {(functionName: string) => void} run
 * @returns {HTMLElement}
 */
export function drawn(card, run) {
  const children = (card.parts ?? []).map((part) => drawn(part, run));
  switch (card.type) {
    case 'card': {
      const header = typeof card.header === 'object' ? [drawn(card.header, run)] : [];
      return filled('article', 'card', [...header, ...children]);
    }
    case 'header':
      return filled('header', '', [text('h2', card.title), text('p', card.subtitle)]);
    case 'section':
      return filled('section', '', [text('h3', typeof card.header === 'string' ? card.header : ''), ...children]);
    case 'buttonSet':
      return filled('div', 'buttons', children);
    case 'textButton':
      return button(card, run);
    case 'divider':
      return element('hr');
    case 'image':
      return element('img', { src: card.imageUrl ?? '', alt: card.altText ?? '' });
    case 'decoratedText': {
      const lines = [text('small', card.topLabel), rich(card.text), text('small', card.bottomLabel)];
      return filled('div', 'decorated', [...lines, ...(card.button ? [drawn(card.button, run)] : [])]);
    }
    default:
      return rich(card.text);
  }
}

/**
 * @param {Part} part
 * @param {(functionName: string) => void} run
 */
function button(part, run) {
  const made = element('button', { type: 'button', textContent: part.text ?? '', disabled: part.disabled ?? false });
  made.addEventListener('click', () => {
    if (part.onClickAction?.functionName) run(part.onClickAction.functionName);
    else if (part.openLink?.url) open(part.openLink.url, '_blank', 'noopener');
  });
  return made;
}

/**
 * @param {'article' | 'header' | 'section' | 'div'} tag
 * @param {string} className
 * @param {HTMLElement[]} children
 */
function filled(tag, className, children) {
  const made = element(tag, { className });
  made.append(...children.filter((child) => child.childNodes.length > 0 || child.matches('hr, img')));
  return made;
}

/**
 * @param {'h2' | 'h3' | 'p' | 'small'} tag
 * @param {string} [textContent]
 */
function text(tag, textContent = '') {
  return element(tag, { textContent });
}

/**
 * Cards allow bold, italics and line breaks.
 * @param {string} [html]
 */
function rich(html = '') {
  const made = element('p');
  for (const piece of html.split(/(<\/?[a-z][^>]*>)/i)) {
    if (/^<br/i.test(piece)) made.append(element('br'));
    else if (!piece.startsWith('<')) made.append(piece);
  }
  return made;
}
