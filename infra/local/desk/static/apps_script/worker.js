// A worker is one execution of the add-on's script: nothing is left of it for the next one. It gets one message,
// an Order, and ends with {kind: 'returned', value} or {kind: 'threw', message}; on its way it may tell what to show.
// A classic worker, not a module: the script's files share its global scope, as they do in Apps Script.
addEventListener('message', async ({ data }) => {
  const tell = postMessage.bind(globalThis);
  const { execute } = await import('./execution.js');
  tell(execute(data, tell));
});
