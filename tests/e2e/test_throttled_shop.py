"""A shop that lets itself be asked only so fast."""

from pathlib import Path

from infra.local.demo.merchant import Merchant
from tests.e2e.desk import Desk
from tests.shop import Shop


def test_throttled_runs_take_longer_and_nothing_else(merchant: Merchant, tmp_path: Path) -> None:
    """Two automations of one lane, over a bucket that turns out to be empty: both complete at the first attempt."""
    desk = Desk(merchant, tmp_path, shop=Shop.new(merchant.stack, plan="standard"))
    desk.fill_shop(orders=40)
    automations = [desk.automate(), desk.automate(columns=[{"key": "order_name", "header": "Order", "type": "text"}])]
    desk.shop.empty_bucket()
    runs = [desk.ended(run_id) for run_id in [desk.start(automation) for automation in automations]]
    assert desk.shop.refused_calls() >= 1
    desk.shop.open(plan="plus")
    for run in runs:
        assert (run["status"], run["attempt"], run["error"]) == ("completed", 1, None)
        assert "run_interrupted" not in {moment["event"] for moment in run["timeline"]}
    assert desk.rows(automations[0]) == desk.shop.rows()
