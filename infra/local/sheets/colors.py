"""Google keeps each colour twice, as `xColor` and as `xColorStyle`, and answers with both, in single precision."""

from infra.local.sheets.entry import as_double
from infra.local.sheets.errors import Json
from infra.local.sheets.masks import Mask


def with_both_colors(message: Json) -> Json:
    """The message with each plain colour and its style filled in from one another, at every depth."""
    result: Json = {}
    for key, value in message.items():
        if isinstance(value, dict):
            result[key] = read_color(value) if is_color(key) else with_both_colors(value)
        else:
            result[key] = value
    for key, value in list(result.items()):
        if key.lower().endswith("color") and isinstance(value, dict):
            result.setdefault(key + "Style", {"rgbColor": value})
        elif key.lower().endswith("colorstyle") and "rgbColor" in value:
            result[key.removesuffix("Style")] = value["rgbColor"]
    return result


def read_color(color: Json) -> Json:
    """A Color, or the ColorStyle around one; parts that are 0 are absent."""
    if "rgbColor" in color:
        return {**color, "rgbColor": read_color(color["rgbColor"])}
    if "themeColor" in color:
        return color
    return {name: as_double(float(f"{part:.8g}")) for name, part in color.items() if part}


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
