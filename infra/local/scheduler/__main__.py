from infra.local.http_target.service import serve
from infra.local.scheduler.server import start

if __name__ == "__main__":
    serve("scheduler", start, summary="Cloud Scheduler v1 over gRPC, on this machine.")
