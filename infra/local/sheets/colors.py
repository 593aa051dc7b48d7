"""Google keeps each colour twice, as `xColor` and as `xColorStyle`, and answers with both."""

from infra.local.sheets.errors import Json
from infra.local.sheets.masks import Mask


def with_both_colors(message: Json) -> Json:
    """The message with each plain colour and its style filled in from one another, at every depth."""
    result: Json = {}
    for key, value in message.items():
        result[key] = with_both_colors(value) if isinstance(value, dict) and not is_color(key) else value
    for key, value in message.items():
        if key.lower().endswith("color") and isinstance(value, dict):
            result.setdefault(key + "Style", {"rgbColor": value})
        elif key.lower().endswith("colorstyle") and "rgbColor" in value:
            result[key.removesuffix("Style")] = value["rgbColor"]
    return result


def is_color(key: str) -> bool:
    return key.lower().endswith(("color", "colorstyle"))


def with_both_names(mask: Mask) -> Mask:
    """A mask that names a colour means its style too, and the other way round."""
    result: Mask = {}
    for key, parts in mask.items():
        result[key] = with_both_names(parts)
        if key.lower().endswith("color"):
            result.setdefault(key + "Style", {})
        elif key.lower().endswith("colorstyle"):
            result.setdefault(key.removesuffix("Style"), {})
    return result
