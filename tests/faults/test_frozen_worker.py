"""A worker that is frozen past its lease, and wakes when another one has finished its run."""

import os
import signal
import subprocess
import sys

from tests.faults.world import WORKER_S, World

FREEZER = [sys.executable, "-m", "tests.faults.frozen_worker"]


def frozen(world: World, moment: str, times: int) -> "subprocess.Popen[bytes]":
    """A worker that has come to that moment and stands still."""
    worker = world.worker([*FREEZER, moment, str(times)])
    _, status = os.waitpid(worker.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), world.log()
    return worker


def thaw(worker: "subprocess.Popen[bytes]") -> int:
    """It goes on, and ends."""
    worker.send_signal(signal.SIGCONT)
    return worker.wait(WORKER_S)


def finish_by_another(world: World, run_id: str) -> None:
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    assert world.ann.run(run_id)["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()


def test_frozen_between_two_batches_writes_nothing_more(world: World) -> None:
    """It asks for its lease before it writes, and learns that another one has it."""
    world.open(orders=310)
    run_id = world.start_run()
    worker = frozen(world, "after:checkpoint", 2)
    finish_by_another(world, run_id)
    before = world.book.everything()
    assert thaw(worker) == 0, world.log()
    assert world.book.everything() == before
    assert world.ann.run(run_id)["attempt"] == 2


def test_late_batch_of_an_export_is_mended_by_the_next_run(world: World) -> None:
    """Frozen between the question and the write, it sends one batch: its orders stand twice until the next run."""
    world.open(orders=310)
    run_id = world.start_run()
    worker = frozen(world, "after:lease_question", 4)
    finish_by_another(world, run_id)
    assert thaw(worker) == 0, world.log()
    assert len(world.tab_rows()) == len(world.shop.rows()) + 2 * 10
    assert world.run_now()["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()


def test_late_batch_of_changes_is_mended_by_the_next_run(world: World) -> None:
    """Its changes land where rows have moved since, over other orders' rows, which come back.

    It also deletes the row of a line that is gone, by now another one: the words beside that one row are lost.
    """
    world.open(orders=40, lines=3)
    assert world.run_now()["status"] == "completed"
    width = len(world.book.cells(world.sheet_id)[0])
    words = [f"word {row}" for row in range(1, 121)]
    world.write_notes(words)
    world.change_orders()
    run_id = world.start_run()
    worker = frozen(world, "after:lease_question", 2)
    finish_by_another(world, run_id)
    kept = {row[width] for row in world.book.cells(world.sheet_id)} - {""}
    assert thaw(worker) == 0, world.log()
    assert world.tab_rows() != world.shop.rows()
    assert world.run_now()["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()
    assert len(kept - {row[width] for row in world.book.cells(world.sheet_id)}) <= 1
