"""The optional background: settings, policy, and a PMTiles file served by the application."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from app.basemaps import BasemapError, basemaps, origins
from app.database import Database
from app.main import create_app
from app.settings import Settings


def png() -> bytes:
    """The smallest picture: one grey pixel."""

    def part(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    header = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    pixel = part(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + pixel + part(b"IEND", b"")


def archive(path: Path, kind: TileType = TileType.PNG) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(0, 0, 0), png())
        writer.finalize(
            {
                "tile_type": kind,
                "tile_compression": Compression.NONE,
                "min_zoom": 0,
                "max_zoom": 0,
                "min_lon_e7": -1800000000,
                "min_lat_e7": -850000000,
                "max_lon_e7": 1800000000,
                "max_lat_e7": 850000000,
                "center_zoom": 0,
                "center_lon_e7": 0,
                "center_lat_e7": 0,
            },
            {},
        )
    return path


def test_none_by_default_and_no_other_host_in_the_policy(client: TestClient) -> None:
    answer = client.get("/api/catalogue")
    assert answer.json()["basemaps"] == []
    assert "img-src 'self' data:;" in answer.headers["content-security-policy"]
    assert client.get("/basemap/0/0/0").status_code == 404


def test_tiles_of_another_host_are_named_and_allowed(seeded: Database) -> None:
    settings = Settings(
        basemap_url="https://tiles.example.org/{z}/{x}/{y}.png",
        basemap_credit_zh="底图：某局",
        tianditu_key="a b&c",
    )
    client = TestClient(create_app(settings, seeded))
    answer = client.get("/api/catalogue")
    own, tianditu = answer.json()["basemaps"]
    assert own["tiles"] == ["https://tiles.example.org/{z}/{x}/{y}.png"]
    assert (own["credit_zh"], own["credit_en"]) == ("底图：某局", "底图：某局")
    assert len(tianditu["tiles"]) == 2
    assert all("{z}" in one and "tk=a%20b%26c" in one for one in tianditu["tiles"])
    policy = answer.headers["content-security-policy"]
    assert "img-src 'self' data: https://t0.tianditu.gov.cn https://tiles.example.org;" in policy


def test_a_file_of_pictures_is_served_by_us(seeded: Database, tmp_path: Path) -> None:
    settings = Settings(basemap_file=archive(tmp_path / "ground.pmtiles"))
    client = TestClient(create_app(settings, seeded))
    assert client.get("/api/catalogue").json()["basemaps"][0]["tiles"] == ["/basemap/{z}/{x}/{y}"]
    answer = client.get("/basemap/0/0/0")
    assert answer.content == png()
    assert answer.headers["content-type"] == "image/png"
    assert client.get("/basemap/0/0/0", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get("/basemap/3/1/1").status_code == 404
    assert client.get("/basemap/0/5/5").status_code == 404


@pytest.mark.parametrize("template", ["ftp://x/{z}/{x}/{y}", "https://x/tiles", "javascript:{z}{x}{y}"])
def test_a_wrong_address_is_told_in_words(template: str) -> None:
    with pytest.raises(BasemapError, match="GUATU_BASEMAP_URL"):
        basemaps(Settings(basemap_url=template))


def test_a_file_that_is_no_pmtiles_or_holds_no_pictures_is_told_in_words(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pmtiles"
    wrong.write_bytes(b"not a map" * 50)
    with pytest.raises(BasemapError, match="readable PMTiles"):
        basemaps(Settings(basemap_file=wrong))
    with pytest.raises(BasemapError, match="MVT"):
        basemaps(Settings(basemap_file=archive(tmp_path / "vector.pmtiles", TileType.MVT)))
    with pytest.raises(BasemapError, match="readable PMTiles"):
        basemaps(Settings(basemap_file=tmp_path / "missing.pmtiles"))


def test_no_origin_without_a_background() -> None:
    assert origins(Settings()) == []
