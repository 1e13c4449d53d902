"""The pages that nobody shares, and the assets of all, as the front end's build leaves them.

A page that is shared has a head of its own: see app.previews.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app import answers
from app.errors import Problem
from app.params import Params
from app.web import FrontEndOf

router = APIRouter(include_in_schema=False)
HTML = "text/html; charset=utf-8"
ROOT_FILES = ("favicon.svg", "manifest.webmanifest", "robots.txt")


@router.get("/signin")
def get_sign_in(request: Request, front_end: FrontEndOf) -> Response:
    """The page to sign in on."""
    return _file(request, front_end / "signin.html", answers.REVALIDATE)


@router.get("/transit-worker.js")
def get_transit_worker(request: Request, front_end: FrontEndOf) -> Response:
    """What keeps that page on the device; asked for anew, so that a repaired one is taken at once."""
    return _file(request, front_end / "transit-worker.js", answers.REVALIDATE)


@router.get("/board")
def get_board_page(request: Request, front_end: FrontEndOf) -> Response:
    """The page of the ledger and the figures. As `/`, its state is in the address."""
    return _file(request, front_end / "board.html", answers.REVALIDATE)


@router.get("/upload")
def get_upload_page(request: Request, front_end: FrontEndOf) -> Response:
    """The page on which files are brought and reviewed; what it shows, it asks as whoever is signed in."""
    return _file(request, front_end / "upload.html", answers.REVALIDATE)


@router.get("/history")
def get_history_page(request: Request, front_end: FrontEndOf) -> Response:
    """The page of what was published, when and why; it shows whoever is signed in what the log shows them."""
    return _file(request, front_end / "history.html", answers.REVALIDATE)


@router.get("/assets/{name}")
def get_asset(request: Request, name: str, front_end: FrontEndOf) -> Response:
    """A built file. Its name holds a digest of its content."""
    return _file(request, _inside(front_end / "assets", name), answers.IMMUTABLE)


def _root_file(request: Request, front_end: FrontEndOf, _params: Annotated[Params, Query()]) -> Response:
    return _file(request, _inside(front_end, request.url.path.lstrip("/")), "public, max-age=86400")


for _name in ROOT_FILES:
    router.add_api_route(f"/{_name}", _root_file, methods=["GET"])


def _inside(folder: Path, name: str) -> Path:
    """A file of that very folder; nothing above or below it."""
    if not name or name in (".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise _missing()
    return folder / name


def _file(request: Request, path: Path, cache: str) -> Response:
    try:
        body = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise (not_built() if path.suffix == ".html" else _missing()) from error
    tag = answers.etag(path.name, len(body), body)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, cache)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind in ("application/javascript", "image/svg+xml"):
        kind += "; charset=utf-8"
    return answers.json_answer(body, tag=tag, cache=cache, media_type=kind)


def _missing() -> Problem:
    return Problem("not-found", "没有这个文件", "There is no such file.")


def not_built() -> Problem:
    return Problem(
        "not-built",
        "页面尚未构建：请在项目文件夹运行 make run",
        "The pages have not been built. Run `make run` in the project's folder.",
    )
