/** What the menu and the card say. The page has its own in sidebar/Texts.html. */
const Texts = {
  product: 'Tabkeeper',
  open: 'Open Tabkeeper',
  card: {
    what: 'Keeps the tabs of this spreadsheet in step with your shop: orders arrive by themselves, and what you write beside them stays.',
    how: 'Open it from the menu <b>Extensions</b> ▸ <b>Tabkeeper</b> ▸ <b>Open Tabkeeper</b>.',
  },
  notSetUp: 'Tabkeeper is not set up yet: its administrator has to give it the address of its service.',
};
