from google.cloud.tasks_v2 import Queue

from backend.runs.model import Trigger
from backend.runs.queues import LANE_QUEUES, QUEUES, queues_parent


def test_five_queues_are_declared() -> None:
    """The names of DESIGN 5, each once."""
    assert [queue.name for queue in QUEUES] == ["interactive", "webhook", "scheduled", "catalog", "notify"]


def test_each_queue_is_one_for_cloud_tasks() -> None:
    """Google's own message accepts every declaration, and every limit says something."""
    for queue in QUEUES:
        message = Queue(queue.body(queues_parent("project", "europe-west1")))
        assert message.name == f"projects/project/locations/europe-west1/queues/{queue.name}"
        assert 0 < message.rate_limits.max_dispatches_per_second <= 500
        assert message.rate_limits.max_concurrent_dispatches > 0
        assert queue.min_backoff_s <= queue.max_backoff_s
        assert message.retry_config.max_attempts == -1


def test_every_trigger_has_its_queue() -> None:
    """What a person waits for is not behind a rush of schedules or webhooks."""
    assert set(LANE_QUEUES) == set(Trigger)
    assert LANE_QUEUES[Trigger.MANUAL] not in {LANE_QUEUES[Trigger.SCHEDULE], LANE_QUEUES[Trigger.WEBHOOK]}
