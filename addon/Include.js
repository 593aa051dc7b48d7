/**
 * A file of the page, for the template that puts it together.
 * @param {string} name
 */
function include_(name) {
  return HtmlService.createHtmlOutputFromFile(name).getContent();
}
