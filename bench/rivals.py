"""The two rivals: PouchDB replicating to pouchdb-server, and one HTTPS POST per case.

PouchDB is spared TLS, its documents are in memory on both sides; the posts go to an
answering server over one kept-alive connection, with the same TLS as ours.
"""

import asyncio
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from fastapi import FastAPI, Request

from bench.travel import Travel, a_line
from sync.client.http import trusting_only
from tests.support.rigs import free_port

FOLDER = Path(__file__).parent / "rivals"


def install() -> bool:
    """Install what package-lock.json names; False where there is no npm."""
    if (FOLDER / "node_modules" / "pouchdb").is_dir():
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    subprocess.run(  # noqa: S603 - the lock file says what
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=FOLDER, check=True,
    )  # fmt: skip
    return True


@contextmanager
def _pouchdb_server(folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    program = subprocess.Popen(  # noqa: S603 - installed above
        [str(FOLDER / "node_modules" / ".bin" / "pouchdb-server"), "--in-memory",
         "--port", str(port), "--host", "127.0.0.1"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx.get(url, trust_env=False)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        httpx.put(f"{url}/cases", trust_env=False)
        yield port, program
    finally:
        program.terminate()
        program.wait(timeout=10)


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pouchdb(
    documents: Sequence[bytes], *line: str, most_tries: int = 50, most_s: int = 900
) -> Travel:
    """Replicate to an empty server; as often as it takes, within bounds."""
    travel = Travel("PouchDB → pouchdb-server (HTTP, no TLS)")
    with TemporaryDirectory() as name, _pouchdb_server(Path(name)) as (port, server):
        file = Path(name) / "documents.ndjson"
        file.write_bytes(b"\n".join(documents))
        before = _cpu_of(server.pid)
        with a_line(port, *line) as running:
            said = subprocess.run(  # noqa: S603 - our own script
                ["node", str(FOLDER / "replicate.cjs"), str(file),  # noqa: S607
                 f"http://127.0.0.1:{running.port}/cases", str(most_tries),
                 str(most_s)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        result = json.loads(said.stdout)
        travel.cpu = result["cpu"] + _cpu_of(server.pid) - before
        there = httpx.get(f"http://127.0.0.1:{port}/cases", trust_env=False).json()
    travel.line, travel.seconds = running.carried, result["seconds"]
    travel.done = result["done"] and there["doc_count"] == len(documents)
    travel.tries = result["tries"]
    travel.note = f"  {result['requests']} requests, {there['doc_count']} arrived"
    return travel


@contextmanager
def _a_plain_server(certificates: Path) -> Iterator[int]:
    app = FastAPI()
    kept: list[bytes] = []

    @app.post("/cases")
    async def take(request: Request) -> dict[str, int]:
        kept.append(await request.body())
        return {"kept": len(kept)}

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=port, log_level="error",
            ssl_certfile=certificates / "server.pem",
            ssl_keyfile=certificates / "server.key",
        )
    )  # fmt: skip
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def one_post_each(
    documents: Sequence[bytes], certificates: Path, ca_pem: str, *line: str
) -> Travel:
    """Post each case by itself; again when it fails."""
    travel = Travel("one HTTPS POST per case (kept alive)")

    async def send(port: int) -> None:
        context = trusting_only(ca_pem)
        async with httpx.AsyncClient(
            verify=context, trust_env=False, timeout=60
        ) as client:
            for document in documents:
                while True:
                    travel.tries += 1
                    try:
                        await client.post(
                            f"https://localhost:{port}/cases",
                            content=document,
                            headers={"content-type": "application/json"},
                        )
                        break
                    except httpx.HTTPError:
                        continue

    with _a_plain_server(certificates) as port, a_line(port, *line) as running:
        began, cpu = time.monotonic(), time.process_time()
        asyncio.run(send(running.port))
        travel.seconds = time.monotonic() - began
        travel.cpu = time.process_time() - cpu
    travel.line, travel.done = running.carried, True
    return travel
