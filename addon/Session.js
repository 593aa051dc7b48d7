/** What the page needs to talk to the backend, and about the spreadsheet that it stands beside. */
function openSession() {
  const apiUrl = PropertiesService.getScriptProperties().getProperty('API_URL');
  if (!apiUrl) throw new Error(Texts.notSetUp);
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet();
  return {
    identityToken: ScriptApp.getIdentityToken(),
    apiUrl: apiUrl,
    spreadsheet: {
      id: spreadsheet.getId(),
      title: spreadsheet.getName(),
      timeZone: spreadsheet.getSpreadsheetTimeZone(),
      locale: spreadsheet.getSpreadsheetLocale(),
      tabs: listTabs(),
    },
  };
}

/** The tabs as they are now: people add, rename and delete them while the page is open. */
function listTabs() {
  return SpreadsheetApp.getActiveSpreadsheet()
    .getSheets()
    .map((sheet) => ({ sheetId: sheet.getSheetId(), title: sheet.getName(), empty: sheet.getLastRow() === 0 }));
}

/**
 * Shows a tab in the person's window.
 * @param {number} sheetId
 * @returns {boolean} false when there is no such tab
 */
function activateTab(sheetId) {
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet();
  const sheet = spreadsheet.getSheets().find((each) => each.getSheetId() === sheetId);
  if (sheet) spreadsheet.setActiveSheet(sheet);
  return Boolean(sheet);
}
