"""Money as the Admin API and webhooks write it."""

from decimal import Decimal
from typing import Any


def amount(value: Decimal) -> str:
    """Exact, without trailing zeros but with at least one decimal: 2.55, 10.0, 0.001, as Shopify writes a Decimal."""
    text = f"{value:f}"
    if "." not in text:
        return text + ".0"
    text = text.rstrip("0")
    return text + "0" if text.endswith(".") else text


def price(value: Decimal) -> str:
    """Exact, with at least two decimals: 2.50, 10.00, 0.001, as the REST API and webhooks write money."""
    text = amount(value)
    return text + "0" if text[-2] == "." else text


def money(value: Decimal, currency: str) -> dict[str, Any]:
    """A MoneyV2."""
    return {"amount": amount(value), "currencyCode": currency}


def money_bag(value: Decimal, *, currency: str, presentment_currency: str | None, rate: Decimal) -> dict[str, Any]:
    """A MoneyBag: the shop's money and the customer's, which are the same unless the order has another currency."""
    shop = money(value, currency)
    if presentment_currency is None or presentment_currency == currency:
        return {"shopMoney": shop, "presentmentMoney": shop}
    return {"shopMoney": shop, "presentmentMoney": money(value * rate, presentment_currency)}
