"""Typst and WeasyPrint behind HTTP, as a portal would put them there: `uvicorn --workers 2 peers:typst` and `peers:weasyprint`.

The body is the report that gongwen gets; `benches/peers/document.py` makes the plain document of it that both set. Neither
checks a figure nor embeds one file in the other; benches/peers/README.md says what each does.
"""

import asyncio
import json
import pathlib
import sys
import tempfile
import threading
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benches" / "peers"))

from document import document  # noqa: E402

LAYOUT = tomllib.loads((ROOT / "layouts" / "disclosure-annual-report-2021.toml").read_text(encoding="utf-8"))
# A worker makes one document at a time; meanwhile it answers /healthz.
ONE = threading.Lock()


def service(make):
    async def application(scope, receive, send):
        if scope["type"] != "http":
            return
        status, body = 200, b"ok"
        if scope["method"] == "POST":
            parts = []
            while True:
                message = await receive()
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    break
            body = await asyncio.to_thread(one, make, b"".join(parts))
        headers = [(b"content-type", b"application/pdf"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def one(make, body):
    with ONE:
        return make(document(json.loads(body), LAYOUT))


def by_typst():
    import typst_pdf

    folder = tempfile.mkdtemp()
    program = typst_pdf.compiler(folder, str(ROOT / "fonts"))
    return lambda read: typst_pdf.compiled(program, folder, read)


def by_weasyprint():
    import weasyprint_pdf

    return weasyprint_pdf.written


def __getattr__(name):
    """The application that uvicorn asks for; the other program is not loaded."""
    makers = {"typst": by_typst, "weasyprint": by_weasyprint}
    if name not in makers:
        raise AttributeError(name)
    return service(makers[name]())
