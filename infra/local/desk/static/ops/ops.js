// What goes on in the stack, for whoever runs it, and switches for what can go wrong.

import { element } from '../element.js';
import { Table } from './table.js';
import { progress, short, time } from './words.js';

/** @typedef {Record<string, any>} Row what GET /ops/state tells */

const POLL_MS = 2000;
const NOTICE_MS = 6000;

const now = part('now');
/** @type {[string, Table<Row>][]} */
const tables = [
  [
    'runs',
    new Table(now, {
      caption: 'Runs: the open ones, then the newest',
      empty: 'No run within a day.',
      columns: [
        { heading: 'Automation', cell: (run) => run.automation ?? short(run.automation_id) },
        { heading: 'Status', cell: status, bad: (run) => run.status === 'failed' },
        { heading: 'Kind', cell: (run) => run.kind },
        { heading: 'Cause', cell: (run) => run.trigger },
        { heading: 'Tenant', cell: (run) => short(run.tenant_id) },
        { heading: 'Made', cell: (run) => time(run.created_at), number: true },
        { heading: 'Attempts', cell: (run) => run.attempt, number: true },
        { heading: 'Rows', cell: (run) => progress(run.counts, run.expected_orders) },
        { heading: 'Ended', cell: (run) => time(run.finished_at), number: true },
        { heading: 'Error', cell: (run) => run.error?.message, bad: () => true },
      ],
    }),
  ],
  [
    'lanes',
    new Table(now, {
      caption: 'Lanes: held, or with runs that wait',
      empty: 'Nothing is done for any shop, and nothing waits.',
      columns: [
        { heading: 'Shop', cell: (lane) => lane.shop ?? short(lane.connection_id) },
        { heading: 'State', cell: (lane) => lane.state },
        { heading: 'Holder', cell: (lane) => lane.holder },
        { heading: 'Tenant', cell: (lane) => short(lane.tenant_id) },
        { heading: 'Sign of life', cell: (lane) => time(lane.heartbeat_at), number: true },
        { heading: 'Held until', cell: (lane) => time(lane.expires_at), number: true },
        { heading: 'Runs wait since', cell: (lane) => time(lane.waiting_since), number: true },
        { heading: 'A person waits since', cell: (lane) => time(lane.person_waiting_since), number: true },
      ],
    }),
  ],
  [
    'queues',
    new Table(now, {
      caption: 'Queues',
      empty: 'There is no queue.',
      columns: [
        { heading: 'Queue', cell: (queue) => queue.name },
        { heading: 'State', cell: (queue) => (queue.paused ? 'paused' : 'running'), bad: (queue) => queue.paused },
        { heading: 'Tasks', cell: (queue) => queue.tasks, number: true },
        { heading: 'Tried already', cell: (queue) => queue.tried, number: true },
        { heading: 'At most a second', cell: (queue) => queue.dispatches_per_s, number: true },
        { heading: 'At most at once', cell: (queue) => queue.max_concurrent, number: true },
        { heading: 'Valve', cell: (queue) => valves('queues', queue) },
      ],
    }),
  ],
  [
    'jobs',
    new Table(now, {
      caption: 'Scheduled jobs',
      empty: 'There is no job.',
      columns: [
        { heading: 'Job', cell: (job) => job.name },
        { heading: 'State', cell: (job) => (job.paused ? 'paused' : 'enabled'), bad: (job) => job.paused },
        { heading: 'Schedule', cell: (job) => job.schedule },
        { heading: 'Last time', cell: (job) => time(job.last_at), number: true },
        { heading: 'Next time', cell: (job) => (job.paused ? '' : time(job.next_at)), number: true },
        { heading: 'Problem', cell: (job) => job.problem, bad: () => true },
        { heading: 'Valve', cell: (job) => valves('jobs', job, !job.paused) },
      ],
    }),
  ],
  [
    'due',
    new Table(now, {
      caption: 'Automations that are due within an hour',
      empty: 'None is due.',
      columns: [
        { heading: 'Automation', cell: (due) => due.automation },
        { heading: 'Tenant', cell: (due) => short(due.tenant_id) },
        { heading: 'Due', cell: (due) => time(due.next_run_at), number: true },
        { heading: 'Locked until', cell: (due) => time(due.scheduler_locked_until), number: true },
      ],
    }),
  ],
  [
    'budgets',
    new Table(now, {
      caption: 'Budgets of Google Sheets: calls of the last minute',
      empty: 'No run has called Google Sheets yet.',
      columns: [
        { heading: 'Of', cell: (budget) => (budget.scope === 'project' ? 'all together' : `user ${budget.whose}`) },
        { heading: 'Calls', cell: (budget) => budget.calls },
        { heading: 'Taken', cell: (budget) => budget.taken, number: true },
        { heading: "Google's limit", cell: (budget) => budget.limit ?? 'none', number: true },
        { heading: 'Jobs that wait', cell: (budget) => budget.waiting, number: true },
        { heading: 'Closed until', cell: (budget) => time(budget.closed_until), bad: () => true, number: true },
      ],
    }),
  ],
  [
    'notifications',
    new Table(now, {
      caption: 'Notifications that have not arrived yet',
      empty: 'All have arrived, or were given up.',
      columns: [
        { heading: 'Topic', cell: (notification) => notification.topic },
        { heading: 'Tenant', cell: (notification) => short(notification.tenant_id) },
        { heading: 'Made', cell: (notification) => time(notification.created_at), number: true },
        { heading: 'Attempts', cell: (notification) => notification.attempts, number: true },
        { heading: 'Next attempt', cell: (notification) => time(notification.next_attempt_at), number: true },
        { heading: 'Problem', cell: (notification) => notification.problem, bad: () => true },
      ],
    }),
  ],
  [
    'switches',
    new Table(part('switches'), {
      caption: 'Switches',
      empty: '',
      columns: [
        { heading: 'Fault', cell: (fault) => fault.title },
        { heading: 'What it does', cell: (fault) => fault.effect },
        { heading: 'Switch', cell: toggle },
      ],
    }),
  ],
];

part('all-off').addEventListener('click', () => act('DELETE', 'switches'));
part('withdrawal').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  act('POST', 'consents/withdraw', Object.fromEntries(new FormData(form))).then((done) => done && form.reset());
});
document.addEventListener('visibilitychange', () => document.hidden || look());
watch();

async function watch() {
  if (!document.hidden) await look();
  setTimeout(watch, POLL_MS);
}

async function look() {
  try {
    const answer = await fetch('/ops/state');
    if (!answer.ok) throw new Error(`The desk answers ${answer.status}.`);
    show(await answer.json());
  } catch {
    tell(['The desk']);
  }
}

/** @param {Row} state */
function show(state) {
  for (const [name, table] of tables) if (state[name]) table.show(rows(name, state));
  part('read-at').textContent = `as of ${time(state.at)}`;
  tell(state.away);
  showLogs(state.logs);
}

/** @param {string[]} names */
function showLogs(names) {
  const list = part('logs');
  if (list.dataset.names === `${names}`) return;
  list.dataset.names = `${names}`;
  list.replaceChildren(
    ...names.map((name) => {
      const item = element('li');
      item.append(element('a', { href: `/ops/logs/${name}`, target: '_blank', textContent: name }));
      return item;
    }),
  );
}

/**
 * @param {string} name
 * @param {Row} state
 * @returns {Row[]}
 */
function rows(name, state) {
  if (name !== 'budgets') return state[name];
  return state.budgets.map((/** @type {Row} */ budget) => ({ ...budget, limit: state.limits?.[budget.scope] }));
}

/** @param {string[]} away who does not answer */
function tell(away) {
  const text = away.length ? `${away.join(', ')} cannot be reached. What is shown of it is as it was before.` : '';
  if (part('away').textContent !== text) part('away').textContent = text;
}

/** @param {Row} run */
function status(run) {
  if (run.cancel_requested && run.status === 'running') return 'running, is to be cancelled';
  if (run.status === 'pending' && run.rests_until) return `pending, rests until ${time(run.rests_until)}`;
  return run.status;
}

/**
 * @param {string} kind
 * @param {Row} row
 * @param {boolean} [runs] whether it can be run at once
 */
function valves(kind, row, runs = false) {
  const both = document.createDocumentFragment();
  const valve = row.paused ? 'resume' : 'pause';
  const words = row.paused ? 'Resume' : 'Pause';
  both.append(button(words, `${words} ${row.name}`, `${kind}-${row.name}`, `${kind}/${row.name}/${valve}`));
  if (runs) both.append(button('Run now', `Run ${row.name} now`, `${kind}-${row.name}-run`, `${kind}/${row.name}/run`));
  return both;
}

/** @param {Row} fault */
function toggle(fault) {
  const made = button(fault.on ? 'On' : 'Off', fault.title, fault.key, `switches/${fault.key}`, { on: !fault.on });
  made.setAttribute('role', 'switch');
  made.setAttribute('aria-checked', `${fault.on}`);
  return made;
}

/**
 * @param {string} textContent
 * @param {string} ariaLabel
 * @param {string} id
 * @param {string} path
 * @param {object} [body]
 */
function button(textContent, ariaLabel, id, path, body) {
  const made = element('button', { type: 'button', textContent, ariaLabel, id });
  made.addEventListener('click', () => act('POST', path, body));
  return made;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<boolean>} whether it was done; what went wrong is told
 */
async function act(method, path, body = {}) {
  const headers = { 'Content-Type': 'application/json' };
  try {
    const answer = await fetch(`/ops/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error((await answer.json()).error.message);
    await look();
    return true;
  } catch (error) {
    notify(error instanceof Error ? error.message : `${error}`);
    return false;
  }
}

/** @param {string} text */
function notify(text) {
  const notice = element('p', { textContent: text });
  part('notices').replaceChildren(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
}

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}
