const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** @param {string | null | undefined} instant */
export function time(instant) {
  if (!instant) return '';
  const at = new Date(instant);
  const clock = TIME.format(at);
  return at.toDateString() === new Date().toDateString() ? clock : `${DAY.format(at)}, ${clock}`;
}

/** @param {string} id */
export function short(id) {
  return id.length > 14 ? `${id.slice(0, 12)}…` : id;
}

/**
 * What has become of a run's rows.
 * @param {{orders: number, added: number, updated: number, removed: number}} counts
 * @param {number | null} expected orders
 */
export function progress(counts, expected) {
  const orders = expected ? `${counts.orders} of about ${expected} orders` : `${counts.orders} orders`;
  return `${orders}: ${counts.added} added, ${counts.updated} updated, ${counts.removed} removed`;
}
