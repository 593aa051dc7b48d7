/** The homepage card. A card cannot open an HTML sidebar: it says where the menu is. */
function showCard() {
  const section = CardService.newCardSection()
    .addWidget(CardService.newTextParagraph().setText(Texts.card.what))
    .addWidget(CardService.newTextParagraph().setText(Texts.card.how));
  return CardService.newCardBuilder()
    .setHeader(CardService.newCardHeader().setTitle(Texts.product))
    .addSection(section)
    .build();
}
