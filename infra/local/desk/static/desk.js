// The desk: a spreadsheet as the person at it sees it, with the add-on beside it.

import { Actions } from './actions.js';
import { Book } from './book.js';
import { drawn } from './card.js';
import { element } from './element.js';
import { framed } from './frame.js';
import { Grid } from './grid.js';
import { Host } from './host.js';
import { openMenu } from './menu.js';
import { Panel } from './panel.js';
import { Selection } from './selection.js';
import { newestSpreadsheet, Sheets } from './sheets.js';
import { Tabs } from './tabs.js';
import { Typing } from './typing.js';

const NOTICE_MS = 6000;
const ANN = 'ann@shop.example';

const wanted = new URLSearchParams(location.search);
/** What the add-on's menu offers first. */
let firstAction = '';
const person = wanted.get('person') ?? ANN;
const spreadsheetId = wanted.get('spreadsheet') ?? (await newestSpreadsheet(person));
wanted.set('spreadsheet', spreadsheetId);

const gridRoot = part('grid');
const book = new Book(new Sheets(person, spreadsheetId));
book.sheetId = Number(new URLSearchParams(location.hash.slice(1)).get('gid'));
const selection = new Selection();
const grid = new Grid(gridRoot, book, selection);
const actions = new Actions(book, selection, attempt);
const panel = new Panel(part('panel'), gridRoot);
const host = new Host({ person, spreadsheetId, activeSheetId: () => book.sheetId, show });
new Tabs(part('tabs'), book, attempt);
new Typing({
  book,
  grid,
  selection,
  actions: {
    enter: (cell, text) => actions.enter(cell, text),
    clear: () => actions.clear(),
    menuAt: (at) => openMenu('Cells', actions.contextMenu(), at, gridRoot),
  },
  address: /** @type {HTMLInputElement} */ (part('address')),
  formula: /** @type {HTMLInputElement} */ (part('formula')),
});

part('person').textContent = person;
book.addEventListener('overview', () => {
  const { title = '' } = book.overview?.properties ?? {};
  part('title').textContent = title;
  document.title = `${title} – desk`;
  history.replaceState(null, '', `?${wanted}#gid=${book.sheetId}`);
});
book.addEventListener('trouble', (event) => {
  const trouble = event instanceof CustomEvent ? event.detail : null;
  part('trouble').hidden = trouble === null;
  part('trouble').textContent = trouble ?? '';
});
gridRoot.addEventListener('click', ({ target }) => {
  const columns = target instanceof HTMLElement ? target.dataset.unhide : undefined;
  if (columns) actions.show(columns);
});
addMenus();
await book.refresh().catch((error) => notify(error.message));
selection.set({ row: 0, column: 0 });
gridRoot.focus();
book.watch();
await openAddOn();

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}

/** @param {string} text */
function notify(text) {
  const notice = element('p', { textContent: text });
  part('notices').replaceChildren(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
}

/** @param {Promise<unknown>} work */
function attempt(work) {
  work.catch((error) => notify(error.message));
}

function addMenus() {
  for (const name of Object.keys(actions.menus())) addMenu(name, () => actions.menus()[name] ?? []);
}

/**
 * @param {string} name
 * @param {() => import('./menu.js').Item[]} items
 */
function addMenu(name, items) {
  const button = element('button', { type: 'button', textContent: name });
  button.setAttribute('aria-haspopup', 'menu');
  button.addEventListener('click', () => {
    const { left: x, bottom: y } = button.getBoundingClientRect();
    openMenu(name, items(), { x, y }, gridRoot);
  });
  part('menus').append(button);
}

/** As Google Sheets does when a spreadsheet is opened, for an add-on that was not used in it yet. */
async function openAddOn() {
  const { manifest } = await (await fetch('/addon')).json();
  const { common = {}, sheets = {} } = manifest.addOns ?? {};
  const homepage = (sheets.homepageTrigger ?? common.homepageTrigger)?.runFunction;
  if (homepage) addHomepage(common.name ?? 'Add-on', homepage);
  const opened = await host.execute('onOpen', [{ authMode: 'NONE' }], 'NONE');
  if (opened.kind === 'threw') notify(opened.message);
  if (wanted.has('open') && firstAction) await run(firstAction);
}

/**
 * @param {string} name
 * @param {string} functionName
 */
function addHomepage(name, functionName) {
  const button = element('button', { type: 'button', textContent: name });
  button.addEventListener('click', async () => {
    const card = await run(functionName, [{}]);
    if (card)
      panel.open(
        name,
        drawn([card].flat()[0], (action) => run(action, [{}])),
      );
  });
  part('add-ons').append(button);
}

/**
 * @param {string} functionName
 * @param {unknown[]} [args]
 * @returns {Promise<any>}
 */
async function run(functionName, args = []) {
  const outcome = await host.execute(functionName, args);
  if (outcome.kind === 'returned') return outcome.value;
  notify(outcome.message);
  return null;
}

/** @param {import('./host.js').Shown} shown */
async function show(shown) {
  switch (shown.kind) {
    case 'menu':
      firstAction ||= shown.items.find((item) => item)?.functionName ?? '';
      addMenu(shown.title ?? 'Extensions', () =>
        shown.items.map((item) => item && { label: item.label, act: () => run(item.functionName) }),
      );
      break;
    case 'sidebar':
      panel.open(
        shown.title,
        await framed(shown.html, shown.title, {
          run: (name, args) => host.execute(name, args),
          close: () => panel.close(),
          focus: () => gridRoot.focus(),
        }),
      );
      break;
    case 'activate':
      attempt(book.refresh().then(() => book.open(shown.sheetId)));
      break;
    default:
      notify(shown.text);
  }
}
