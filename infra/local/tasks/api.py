"""google.cloud.tasks.v2.CloudTasks, method by method."""

import time
from collections.abc import Callable

from google.cloud.tasks_v2.types import (
    CreateQueueRequest,
    CreateTaskRequest,
    DeleteQueueRequest,
    DeleteTaskRequest,
    GetQueueRequest,
    GetTaskRequest,
    ListQueuesRequest,
    ListQueuesResponse,
    ListTasksRequest,
    ListTasksResponse,
    PauseQueueRequest,
    PurgeQueueRequest,
    Queue,
    ResumeQueueRequest,
    RunTaskRequest,
    Task,
    UpdateQueueRequest,
)
from google.protobuf.empty_pb2 import Empty

from infra.local.http_target.limits import DeadlineRange
from infra.local.instants import timestamp
from infra.local.resource_name import check_location
from infra.local.rpc_error import already_exists, invalid_argument, not_found, unimplemented
from infra.local.tasks.dispatcher import Dispatcher
from infra.local.tasks.names import check_queue, check_task, queue_of
from infra.local.tasks.new_task import complete_task
from infra.local.tasks.queue_settings import complete_queue
from infra.local.tasks.store import Store, StoredTask, Tables

MAX_PAGE = 1000


class CloudTasks:
    def __init__(
        self,
        *,
        store: Store,
        dispatcher: Dispatcher,
        deadlines: DeadlineRange,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._deadlines = deadlines
        self._clock = clock

    def CreateQueue(self, request: CreateQueueRequest) -> Queue:
        check_location(request.parent)
        queue = Queue(request.queue)
        queue.state = Queue.State(Queue.State.RUNNING)
        queue = complete_queue(queue)
        if not queue.name.startswith(f"{request.parent}/queues/"):
            raise invalid_argument("Queue.name must lie under the parent of the request.")
        with self._store.transaction() as tables:
            if tables.queue(queue.name) is not None:
                raise already_exists("Queue already exists")
            tables.put_queue(queue)
        return queue

    def GetQueue(self, request: GetQueueRequest) -> Queue:
        with self._store.transaction() as tables:
            return _existing_queue(tables, request.name)

    def ListQueues(self, request: ListQueuesRequest) -> ListQueuesResponse:
        check_location(request.parent)
        if request.filter:
            raise unimplemented("this local Cloud Tasks lists queues without a filter")
        with self._store.transaction() as tables:
            queues = [queue for queue in tables.queues() if queue.name.startswith(f"{request.parent}/queues/")]
        page = [queue for queue in queues if queue.name > request.page_token][: request.page_size or MAX_PAGE]
        is_last = not page or page[-1].name == queues[-1].name
        return ListQueuesResponse(queues=page, next_page_token="" if is_last else page[-1].name)

    def UpdateQueue(self, request: UpdateQueueRequest) -> Queue:
        """Creates the queue when there is none, as the real one does. Its state is not for this call to change."""
        check_queue(request.queue.name)
        with self._store.transaction() as tables:
            queue = tables.queue(request.queue.name)
            if queue is None or not request.update_mask.paths:
                state = Queue.State.RUNNING if queue is None else queue.state
                queue = Queue(request.queue)
            else:
                state = queue.state
                request.update_mask.MergeMessage(Queue.pb(request.queue), Queue.pb(queue), True, True)
            queue.state = Queue.State(state)
            queue = complete_queue(queue)
            tables.put_queue(queue)
        self._dispatcher.wake()
        return queue

    def DeleteQueue(self, request: DeleteQueueRequest) -> Empty:
        """Frees the name at once, where the real service keeps it for days."""
        with self._store.transaction() as tables:
            tables.delete_queue(_existing_queue(tables, request.name).name)
        return Empty()

    def PurgeQueue(self, request: PurgeQueueRequest) -> Queue:
        now_s = self._clock()
        with self._store.transaction() as tables:
            queue = _existing_queue(tables, request.name)
            tables.remove_tasks(queue.name, now_s=now_s)
            queue.purge_time = timestamp(now_s)
            tables.put_queue(queue)
        return queue

    def PauseQueue(self, request: PauseQueueRequest) -> Queue:
        return self._set_state(request.name, Queue.State(Queue.State.PAUSED))

    def ResumeQueue(self, request: ResumeQueueRequest) -> Queue:
        return self._set_state(request.name, Queue.State(Queue.State.RUNNING))

    def CreateTask(self, request: CreateTaskRequest) -> Task:
        check_queue(request.parent)
        now_s = self._clock()
        task = complete_task(request.task, queue_name=request.parent, now_s=now_s, deadlines=self._deadlines)
        with self._store.transaction() as tables:
            _existing_queue(tables, request.parent)
            if tables.is_name_taken(task.name, now_s=now_s):
                raise already_exists("Requested entity already exists")
            tables.put_task(StoredTask(task))
        self._dispatcher.wake()
        return _view(task, request.response_view)

    def GetTask(self, request: GetTaskRequest) -> Task:
        with self._store.transaction() as tables:
            return _view(_existing_task(tables, request.name).task, request.response_view)

    def ListTasks(self, request: ListTasksRequest) -> ListTasksResponse:
        limit = min(request.page_size or MAX_PAGE, MAX_PAGE)
        with self._store.transaction() as tables:
            queue = _existing_queue(tables, request.parent)
            tasks = tables.tasks_after(queue.name, name=request.page_token, limit=limit + 1)
        page = tasks[:limit]
        return ListTasksResponse(
            tasks=[_view(task, request.response_view) for task in page],
            next_page_token=page[-1].name if len(tasks) > limit else "",
        )

    def DeleteTask(self, request: DeleteTaskRequest) -> Empty:
        with self._store.transaction() as tables:
            _existing_task(tables, request.name)
            tables.remove_task(request.name, now_s=self._clock())
        return Empty()

    def RunTask(self, request: RunTaskRequest) -> Task:
        with self._store.transaction() as tables:
            started = self._dispatcher.dispatch_now(tables, _existing_task(tables, request.name))
        return _view(started.task, request.response_view)

    def _set_state(self, name: str, state: Queue.State) -> Queue:
        with self._store.transaction() as tables:
            queue = _existing_queue(tables, name)
            queue.state = state
            tables.put_queue(queue)
        self._dispatcher.wake()
        return queue


def _existing_queue(tables: Tables, name: str) -> Queue:
    check_queue(name)
    queue = tables.queue(name)
    if queue is None:
        raise not_found("Requested entity was not found. Queue does not exist.")
    return queue


def _existing_task(tables: Tables, name: str) -> StoredTask:
    check_task(name)
    _existing_queue(tables, queue_of(name))
    stored = tables.task(name)
    if stored is None:
        raise not_found("The task cannot be found.")
    return stored


def _view(task: Task, view: Task.View) -> Task:
    """BASIC, the default, leaves the body out."""
    shown = Task(task)
    shown.view = Task.View(view or Task.View.BASIC)
    if shown.view != Task.View.FULL:
        shown.http_request.body = b""
    return shown
