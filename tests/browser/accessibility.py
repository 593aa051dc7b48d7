"""What axe-core finds wrong with a page or a frame."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page


def violations(place: Page | Frame) -> list[str]:
    """A line for each element that breaks a rule: the rule, what it asks for, the element."""
    found = Axe().run(place).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {node['html']}" for rule in found for node in rule["nodes"]]
