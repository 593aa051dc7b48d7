from infra.local.http_target.service import serve
from infra.local.tasks.server import start

if __name__ == "__main__":
    serve("tasks", start, summary="Cloud Tasks v2 over gRPC, on this machine.")
