/**
 * Runs with AuthMode.NONE before the add-on is enabled in this spreadsheet: it may touch nothing but the menu.
 */
function onOpen() {
  SpreadsheetApp.getUi().createAddonMenu().addItem(Texts.open, 'showSidebar').addToUi();
}

function onInstall() {
  onOpen();
}

function showSidebar() {
  const page = HtmlService.createTemplateFromFile('addon/sidebar/Sidebar').evaluate();
  SpreadsheetApp.getUi().showSidebar(page.setTitle(Texts.product));
}
