"""One write applied to one document: pure, so that a commit can be worked out in full before anything is stored."""

from dataclasses import dataclass

from infra.local.firestore import fields, names, sizes, transforms
from infra.local.firestore.wire import Document, Precondition, Write, WriteResult, instant_us, timestamp
from infra.local.rpc_error import already_exists, failed_precondition, invalid_argument, not_found

MAX_WRITES = 500
MAX_TRANSFORMS = 500


@dataclass(frozen=True)
class Applied:
    document: Document | None
    """The document after the write; None when there is none. The very object given in when nothing changed."""
    result: WriteResult


def target(write: Write) -> str:
    """The name of the document that the write is about."""
    kind = write.WhichOneof("operation")
    name: str
    if kind == "update":
        name = write.update.name
    elif kind == "delete":
        name = write.delete
    elif kind == "transform":
        name = write.transform.document
    else:
        raise invalid_argument("A write says nothing to do.")
    names.check_document(name)
    return name


def apply(write: Write, current: Document | None, *, commit_us: int) -> Applied:
    name = target(write)
    deleting = write.WhichOneof("operation") == "delete"
    if write.HasField("current_document"):
        _check_precondition(write.current_document, name, current, commit_us=commit_us, deleting=deleting)
    if deleting:
        return Applied(None, WriteResult())
    document = _updated(write, name, current)
    field_transforms = write.update_transforms or write.transform.field_transforms
    if len(field_transforms) > MAX_TRANSFORMS:
        raise invalid_argument(f"At most {MAX_TRANSFORMS} transforms of one document are allowed.")
    result = WriteResult(
        transform_results=[transforms.apply(document, transform, commit_us=commit_us) for transform in field_transforms]
    )
    sizes.check(document)
    if current is not None and document.fields == current.fields:
        result.update_time.CopyFrom(current.update_time)  # a write that changes nothing makes no version
        return Applied(current, result)
    document.update_time.CopyFrom(timestamp(commit_us))
    document.create_time.CopyFrom(current.create_time if current is not None else document.update_time)
    result.update_time.CopyFrom(document.update_time)
    return Applied(document, result)


def _updated(write: Write, name: str, current: Document | None) -> Document:
    document = Document(name=name)
    merging = write.WhichOneof("operation") == "transform" or write.HasField("update_mask")
    if merging and current is not None:
        document.CopyFrom(current)
    if write.WhichOneof("operation") == "transform":
        return document
    if not merging:
        document.CopyFrom(write.update)
        document.ClearField("create_time")
        document.ClearField("update_time")
        return document
    for text in write.update_mask.field_paths:
        path = fields.parse(text)
        value = fields.get(write.update, path)
        if value is None:
            fields.remove(document, path)
        else:
            fields.put(document, path, value)
    return document


def _check_precondition(
    condition: Precondition, name: str, current: Document | None, *, commit_us: int, deleting: bool
) -> None:
    kind = condition.WhichOneof("condition_type")
    if kind == "exists":
        if condition.exists and current is None:
            raise not_found(f"No document to update: {name}")
        if not condition.exists and current is not None:
            raise already_exists(f"Document already exists: {name}")
    elif kind == "update_time":
        if instant_us(condition.update_time) > commit_us:
            raise invalid_argument("The required base version lies in the future.")
        if current is None:
            missing = failed_precondition if deleting else not_found
            raise missing(f"No document to update: {name}")
        if current.update_time != condition.update_time:
            stored, required = instant_us(current.update_time), instant_us(condition.update_time)
            raise failed_precondition(
                f"the stored version ({stored}) does not match the required base version ({required})"
            )
