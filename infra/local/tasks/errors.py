import grpc


class RpcError(Exception):
    """A refusal that reaches the caller as a gRPC status."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def invalid_argument(message: str) -> RpcError:
    return RpcError(grpc.StatusCode.INVALID_ARGUMENT, message)


def unimplemented(message: str) -> RpcError:
    return RpcError(grpc.StatusCode.UNIMPLEMENTED, message)


def queue_not_found() -> RpcError:
    return RpcError(grpc.StatusCode.NOT_FOUND, "Requested entity was not found. Queue does not exist.")


def task_not_found() -> RpcError:
    return RpcError(grpc.StatusCode.NOT_FOUND, "The task cannot be found.")


def already_exists(message: str) -> RpcError:
    return RpcError(grpc.StatusCode.ALREADY_EXISTS, message)
