"""What a merchant can put into the columns of an orders tab. How each is read from Shopify is said in reading.py."""

from backend.platforms.field import Catalogue, ColumnType, Field, Level

_TEXT, _INTEGER, _MONEY = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.MONEY
_DATETIME, _BOOLEAN = ColumnType.DATETIME, ColumnType.BOOLEAN

_CANCEL_REASONS = ("CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF")
_FINANCIAL_STATUSES = (
    "PAID",
    "PARTIALLY_PAID",
    "PENDING",
    "AUTHORIZED",
    "PARTIALLY_REFUNDED",
    "REFUNDED",
    "VOIDED",
    "EXPIRED",
)
_FULFILLMENT_STATUSES = (
    "UNFULFILLED",
    "PARTIALLY_FULFILLED",
    "FULFILLED",
    "IN_PROGRESS",
    "ON_HOLD",
    "SCHEDULED",
    "REQUEST_DECLINED",
    "FULFILLMENT_NOT_REQUIRED",
)
"""Without those that Shopify says others have replaced: OPEN, PENDING_FULFILLMENT, RESTOCKED
(https://shopify.dev/docs/api/admin-graphql/2026-10/enums/OrderDisplayFulfillmentStatus)."""

ORDERS = Catalogue(
    [
        Field("order_name", "Order", _TEXT, identifies=True),
        Field("order_id", "Order ID", _TEXT, identifies=True),
        Field("created_at", "Created", _DATETIME),
        Field("processed_at", "Ordered", _DATETIME),
        Field("updated_at", "Last changed", _DATETIME),
        Field("cancelled_at", "Cancelled", _DATETIME),
        Field("cancel_reason", "Reason for cancellation", _TEXT, choices=_CANCEL_REASONS),
        Field("closed_at", "Archived", _DATETIME),
        Field("financial_status", "Payment status", _TEXT, choices=_FINANCIAL_STATUSES),
        Field("fulfillment_status", "Fulfilment status", _TEXT, choices=_FULFILLMENT_STATUSES),
        Field("currency", "Currency", _TEXT),
        Field("total", "Total", _MONEY),
        Field("current_total", "Total after changes", _MONEY),
        Field("subtotal", "Subtotal", _MONEY),
        Field("tax", "Tax", _MONEY),
        Field("discounts", "Discounts", _MONEY),
        Field("shipping", "Shipping", _MONEY),
        Field("refunded", "Refunded", _MONEY),
        Field("current_subtotal", "Subtotal after changes", _MONEY),
        Field("current_tax", "Tax after changes", _MONEY),
        Field("current_shipping", "Shipping after changes", _MONEY),
        Field("taxes_included", "Prices include tax", _BOOLEAN),
        Field("customer_id", "Customer ID", _TEXT),
        Field("customer_name", "Customer", _TEXT),
        Field("customer_email", "Email", _TEXT),
        Field("phone", "Phone", _TEXT),
        Field("note", "Note", _TEXT),
        Field("tags", "Tags", _TEXT),
        Field("test", "Test order", _BOOLEAN),
        Field("source_name", "Sales channel", _TEXT),
        Field("discount_codes", "Discount codes", _TEXT),
        Field("shipping_name", "Shipping name", _TEXT),
        Field("shipping_city", "Shipping city", _TEXT),
        Field("shipping_zip", "Shipping postcode", _TEXT),
        Field("shipping_province", "Shipping province", _TEXT),
        Field("shipping_country", "Shipping country", _TEXT),
        Field("shipping_country_code", "Shipping country code", _TEXT),
        Field("line_count", "Number of lines", _INTEGER),
        Field("item_quantity", "Number of items", _INTEGER),
        Field("line_id", "Line ID", _TEXT, Level.LINE),
        Field("line_number", "Line", _INTEGER, Level.LINE),
        Field("sku", "SKU", _TEXT, Level.LINE),
        Field("product_title", "Product", _TEXT, Level.LINE),
        Field("variant_title", "Variant", _TEXT, Level.LINE),
        Field("vendor", "Vendor", _TEXT, Level.LINE),
        Field("quantity", "Quantity", _INTEGER, Level.LINE),
        Field("current_quantity", "Quantity after changes", _INTEGER, Level.LINE),
        Field("refunded_quantity", "Quantity refunded or removed", _INTEGER, Level.LINE),
        Field("unit_price", "Unit price", _MONEY, Level.LINE),
        Field("line_total", "Line total", _MONEY, Level.LINE),
        Field("line_discount", "Line discount", _MONEY, Level.LINE),
        Field("variant_id", "Variant ID", _TEXT, Level.LINE),
        Field("product_id", "Product ID", _TEXT, Level.LINE),
    ]
)
