"""Signing in and out, accounts and tokens: who is let in, for how long, and who no longer is."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.access import links, passwords, service
from app.database import Database
from tests.app.asking import assert_problem
from tests.app.signed import OWN, PASSWORD, add, browser, enter, sign_in, staff

WRONG = "snow on a tin roof"


def who(client: TestClient) -> str | None:
    name: str | None = client.get("/api/session").json()["name"]
    return name


@pytest.fixture
def anybody(fresh: Database) -> Iterator[TestClient]:
    add(fresh, "li", "gis")
    with browser(fresh) as client:
        yield client


# ---------------------------------------------------------------- H306: passwords


@pytest.mark.parametrize(
    "password",
    ["short", "1234567", "password", "iloveyou", "12345678", "aaaaaaaaaaaa", "Pinghu2026!", "平湖20262026",
     "longgang123", "挂图挂图12345678"[2:], "GUATU-2026-11", "zhangsan", "ZhangSan2026", "x" * 129],
)  # fmt: skip
def test_H306_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(passwords.WeakPassword) as refused:
        passwords.check(password, "zhangsan")
    assert refused.value.zh
    assert str(refused.value).isascii()


@pytest.mark.parametrize(
    "password",
    [
        "rain on a tin roof",
        "alllowercase",
        "大雨落在铁皮屋顶",
        "to be or not " * 9,
        "p@ss-ing pinghu by train",
    ],
)
def test_H306_what_it_is_made_of_is_free(password: str) -> None:
    passwords.check(password, "zhangsan")


def test_H306_a_password_is_kept_as_argon2id_and_is_not_cut() -> None:
    kept = passwords.hashed("x1 " * 40)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "x1 " * 40)
    assert not passwords.matches(kept, ("x1 " * 40)[:-1])
    assert not passwords.matches(kept, "x1 " * 40 + "y" * 9)


def test_H306_the_list_of_common_ones_is_whole() -> None:
    assert len(passwords._common()) == 3000


# ---------------------------------------------------------------- H307, H308: guessing


def test_H308_no_answer_tells_whether_there_is_an_account(anybody: TestClient, fresh: Database) -> None:
    add(fresh, "gone", "gis")
    with fresh.writing() as connection:
        service.change_account(connection, "gone", by="test", disabled=True)
    answers = [
        anybody.post("/api/session", json={"name": name, "password": password})
        for name, password in (("li", WRONG), ("nobody", WRONG), ("gone", PASSWORD), ("gone", WRONG))
    ]
    bodies = []
    for answer in answers:
        body = assert_problem(answer, 401, "sign-in-failed")
        assert "set-cookie" not in answer.headers
        bodies.append({key: value for key, value in body.items() if key != "request_id"})
    assert all(body == bodies[0] for body in bodies)


def test_H308_no_time_tells_whether_there_is_an_account() -> None:
    """Kolmogorov and Smirnov: the two series of times could well be one (at a level of 0.001)."""
    kept, n = passwords.hashed(PASSWORD), 40
    passwords.matches(None, WRONG)
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(n):
        for series, hashed in ((known, kept), (unknown, None)):
            began = time.perf_counter()
            assert not passwords.matches(hashed, WRONG)
            series.append(time.perf_counter() - began)
    distance = max(
        abs(sum(t <= at for t in known) - sum(t <= at for t in unknown)) / n for at in known + unknown
    )
    assert distance < 1.95 * math.sqrt(2 / n)


def test_H307_ten_failures_close_an_account_and_no_other(anybody: TestClient, fresh: Database) -> None:
    add(fresh, "wang", "planner")
    for name in ("li", "ghost"):
        for _ in range(service.TRIES_OF_ACCOUNT):
            answer = anybody.post("/api/session", json={"name": name, "password": WRONG})
            assert_problem(answer, 401)
        for password in (WRONG, PASSWORD):
            refused = anybody.post("/api/session", json={"name": name.upper(), "password": password})
            assert_problem(refused, 429, "too-many")
            assert int(refused.headers["retry-after"]) <= 900
    assert who(sign_in(anybody, "wang")) == "wang"


def test_H307_after_a_quarter_of_an_hour_the_account_opens(fresh: Database) -> None:
    add(fresh, "li", "gis")
    then = datetime.now(UTC) - timedelta(minutes=16)
    for _ in range(service.TRIES_OF_ACCOUNT):
        with pytest.raises(service.SignInFailed):
            service.sign_in(fresh, "li", WRONG, address="a", now=then)
    with pytest.raises(service.TooManyTries):
        service.sign_in(fresh, "li", PASSWORD, address="a", now=then)
    assert service.sign_in(fresh, "li", PASSWORD, address="a").who.name == "li"


def test_H307_an_address_that_fails_a_hundred_times_is_closed(fresh: Database) -> None:
    add(fresh, "li", "gis")
    with fresh.writing() as connection:
        connection.execute(
            text("insert into sign_in (name, address, at) select 'n' || g, '203.0.113.9', now()"
                 " from generate_series(1, 100) g")
        )  # fmt: skip
    with pytest.raises(service.TooManyTries):
        service.sign_in(fresh, "li", PASSWORD, address="203.0.113.9")
    assert service.sign_in(fresh, "li", PASSWORD, address="203.0.113.10").who.name == "li"


def test_H307_tries_are_counted_before_they_are_compared(fresh: Database) -> None:
    """Ten at once are ten, not one: each is counted in a transaction of its own, before the slow part."""
    add(fresh, "li", "gis")
    now = datetime.now(UTC)
    for _ in range(service.TRIES_OF_ACCOUNT):
        with fresh.writing() as connection:
            assert service._admitted(connection, "li", "a", now) is not None
    with fresh.writing() as connection:
        assert service._admitted(connection, "li", "b", now) is None


def test_signing_in_takes_the_failure_back(fresh: Database) -> None:
    add(fresh, "li", "gis")
    service.sign_in(fresh, "li", PASSWORD, address="a")
    with fresh.writing() as connection:
        assert connection.execute(text("select count(*) from sign_in")).scalar_one() == 0


# ---------------------------------------------------------------- H305, H309 to H312: sessions


def test_H309_the_secret_is_long_new_each_time_and_never_kept(anybody: TestClient, fresh: Database) -> None:
    secrets = []
    for _ in range(2):
        sign_in(anybody, "li")
        secrets.append(anybody.cookies["guatu"])
    assert len(set(secrets)) == 2
    assert all(len(secret) >= 43 for secret in secrets)  # 32 bytes in base64
    with fresh.writing() as connection:
        rows = connection.execute(text("select hash, t::text as row from session t")).all()
    # The session that was there before in the same browser has ended.
    assert [row.hash for row in rows] == [service.digest(secrets[1])]
    assert not any(secret in row.row for secret in secrets for row in rows)


def test_H297_H310_a_session_ends_after_half_an_hour_of_silence(fresh: Database) -> None:
    add(fresh, "li", "gis")
    began = datetime.now(UTC)
    secret = service.sign_in(fresh, "li", PASSWORD, address="", now=began).secret
    minutes = (10, 39, 68)  # each within half an hour of the last
    with fresh.writing() as connection:
        for minute in minutes:
            assert service.who_of_session(connection, secret, began + timedelta(minutes=minute)) is not None
        assert service.who_of_session(connection, secret, began + timedelta(minutes=98, seconds=1)) is None


def test_H297_H310_a_session_ends_after_twelve_hours_however_busy(fresh: Database) -> None:
    add(fresh, "li", "gis")
    began = datetime.now(UTC)
    secret = service.sign_in(fresh, "li", PASSWORD, address="", now=began).secret
    with fresh.writing() as connection:
        for minute in range(20, 12 * 60, 20):
            assert service.who_of_session(connection, secret, began + timedelta(minutes=minute)) is not None
        assert service.who_of_session(connection, secret, began + timedelta(hours=12)) is None


def test_H311_signing_out_ends_the_session_itself(anybody: TestClient) -> None:
    secret = sign_in(anybody, "li").cookies["guatu"]
    assert anybody.delete("/api/session").json()["signed_in"] is False
    assert "guatu" not in anybody.cookies
    anybody.cookies.set("guatu", secret)  # as the back button, or a thief, would
    assert who(anybody) is None
    assert_problem(anybody.delete("/api/session"), 401, "sign-in-needed")


def test_H311_signing_out_everywhere_ends_every_session(anybody: TestClient, fresh: Database) -> None:
    sign_in(anybody, "li")
    with browser(fresh) as other:
        assert who(enter(other, fresh, "li")) == "li"
        anybody.delete("/api/session", params={"everywhere": "true"})
        assert who(other) is None


def test_H311_an_administrator_signs_somebody_out(anybody: TestClient, fresh: Database) -> None:
    sign_in(anybody, "li")
    with staff(fresh, "admin") as admin:
        assert admin.delete("/api/accounts/li/sessions").json() == {"sessions_ended": 1}
        assert_problem(admin.delete("/api/accounts/nobody/sessions"), 404, "unknown-account")
    assert who(anybody) is None


@pytest.mark.parametrize(
    "change", [{"disabled": True}, {"role": "planner"}, {"password": "a quiet canal at noon"}]
)
def test_H305_a_change_of_the_account_is_felt_at_the_next_request(
    anybody: TestClient, fresh: Database, change: dict[str, object]
) -> None:
    sign_in(anybody, "li")
    with staff(fresh, "admin") as admin:
        began = time.monotonic()
        assert admin.patch("/api/accounts/li", json=change).status_code == 200
        assert_problem(anybody.get("/api/tokens"), 401, "sign-in-needed")
        assert time.monotonic() - began < 1.5  # a hash of the new password included


def test_H312_the_cookie_over_https_is_bound_to_the_host(fresh: Database) -> None:
    add(fresh, "li", "gis")
    with browser(fresh, base_url="https://map.example") as client:
        client.headers["Origin"] = "https://map.example"
        answer = client.post("/api/session", json={"name": "li", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-guatu=")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert parts == {"secure", "httponly", "samesite=lax", "path=/"}
        assert len(cookie) < 4096
        assert answer.headers["strict-transport-security"]
        assert who(client) == "li"


def test_H312_the_cookie_on_an_office_network_is_a_plain_one(anybody: TestClient) -> None:
    answer = anybody.post("/api/session", json={"name": "LI", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("guatu=")
    assert parts == {"httponly", "samesite=lax", "path=/"}


def test_H312_over_https_a_plain_cookie_counts_for_nothing(fresh: Database) -> None:
    add(fresh, "li", "gis")
    with browser(fresh) as plain:
        secret = sign_in(plain, "li").cookies["guatu"]
    with browser(fresh, base_url="https://map.example") as client:
        client.cookies.set("guatu", secret)
        assert who(client) is None


# ---------------------------------------------------------------- H313: other sites

CROSS = [
    {"Sec-Fetch-Site": "cross-site", "X-Guatu": "1"},
    {"Sec-Fetch-Site": "same-site", "X-Guatu": "1"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver", "X-Guatu": "1"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://evil.example", "X-Guatu": "1"},
    {"Origin": "http://testserver.evil.example", "X-Guatu": "1"},
    {"Origin": "null", "X-Guatu": "1"},
    {"Referer": "http://evil.example/http://testserver/", "X-Guatu": "1"},
    {"Origin": "http://testserver"},
    {"X-Guatu": "1"},
    {},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin", "X-Guatu": "1"},
    {"Sec-Fetch-Site": "none", "X-Guatu": "1"},
    {"Origin": "http://testserver", "X-Guatu": "1"},
    {"Referer": "http://testserver/signin", "X-Guatu": "1"},
]


@pytest.mark.parametrize("headers", CROSS, ids=str)
def test_H313_what_another_site_makes_a_browser_send_is_refused(
    anybody: TestClient, fresh: Database, headers: dict[str, str]
) -> None:
    enter(anybody, fresh, "li")
    for name in OWN:
        anybody.headers.pop(name)
    for method, address in (("DELETE", "/api/session"), ("POST", "/api/session"), ("POST", "/api/tokens")):
        content = json.dumps({"name": "li", "password": PASSWORD})
        answer = anybody.request(
            method, address, headers={**headers, "Content-Type": "application/json"}, content=content
        )
        assert_problem(answer, 403, "cross-site")
    assert who(anybody) == "li"


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_H313_what_our_own_page_sends_is_taken(
    anybody: TestClient, fresh: Database, headers: dict[str, str]
) -> None:
    enter(anybody, fresh, "li")
    for name in OWN:
        anybody.headers.pop(name)
    assert anybody.delete("/api/session", headers=headers).status_code == 200


# ---------------------------------------------------------------- accounts


def test_an_administrator_makes_and_changes_accounts(fresh: Database) -> None:
    with staff(fresh, "admin") as admin, browser(fresh) as client:
        new = {"name": "Wang.Wu", "role": "gis", "password": PASSWORD, "reviewer": True}
        answer = admin.post("/api/accounts", json=new)
        assert (answer.status_code, answer.json()) == (201, {"name": "wang.wu"})
        assert_problem(admin.post("/api/accounts", json={**new, "name": "ＷＡＮＧ.wu"}), 409, "name-taken")
        listed = {entry["name"]: entry for entry in admin.get("/api/accounts").json()["accounts"]}
        assert listed["wang.wu"]["role"] == "gis"
        assert listed["wang.wu"]["reviewer"] is True
        assert not {"password", "password_hash"} & set(listed["wang.wu"])
        assert who(sign_in(client, "WANG.WU")) == "wang.wu"
        assert client.get("/api/session").json()["may_upload"] is True
        assert admin.patch("/api/accounts/wang.wu", json={"role": "planner"}).status_code == 200
        planner = sign_in(client, "wang.wu").get("/api/session").json()
        may = {name: planner[name] for name in ("may_record", "may_upload", "may_manage")}
        assert (planner["role"], may) == (
            "planner",
            {"may_record": True, "may_upload": False, "may_manage": False},
        )
        assert browser(fresh).get("/api/session").json()["may_record"] is False


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "x", "role": "gis", "password": PASSWORD}, 422, "bad-account"),
        ({"name": "a b", "role": "gis", "password": PASSWORD}, 422, "bad-account"),
        ({"name": "li\nsi", "role": "gis", "password": PASSWORD}, 422, "bad-account"),
        ({"name": "lisi", "role": "gis", "password": "lisi2026"}, 422, "weak-password"),
        ({"name": "lisi", "role": "root", "password": PASSWORD}, 422, "bad-body"),
        ({"name": "lisi", "role": "gis"}, 422, "bad-body"),
        ({"name": "lisi", "role": "gis", "password": PASSWORD, "id": 1}, 422, "bad-body"),
        ({"name": "lisi", "role": "gis", "password": PASSWORD, "reviewer": "yes"}, 422, "bad-body"),
        ([], 422, "bad-body"),
    ],
)
def test_what_is_no_account_is_told(fresh: Database, body: object, status: int, code: str) -> None:
    with staff(fresh, "admin") as admin:
        found = assert_problem(admin.post("/api/accounts", json=body), status, code)
        assert PASSWORD not in str(found)
        assert_problem(
            admin.post("/api/accounts", content=b"{", headers={"Content-Type": "application/json"}), 422
        )


def test_the_last_administrator_stays(fresh: Database) -> None:
    with staff(fresh, "admin") as admin:
        for change in ({"disabled": True}, {"role": "gis"}):
            assert_problem(admin.patch("/api/accounts/a-admin", json=change), 409, "last-admin")
        add(fresh, "second", "admin")
        assert admin.patch("/api/accounts/a-admin", json={"role": "gis"}).status_code == 200


def test_people_change_their_own_password(anybody: TestClient, fresh: Database) -> None:
    sign_in(anybody, "li")
    new = "a quiet canal at noon"
    with browser(fresh) as other:
        enter(other, fresh, "li")
        wrong = anybody.post("/api/session/password", json={"present": WRONG, "new": new})
        assert_problem(wrong, 401, "sign-in-failed")
        weak = anybody.post("/api/session/password", json={"present": PASSWORD, "new": "pinghu88"})
        assert_problem(weak, 422, "weak-password")
        done = anybody.post("/api/session/password", json={"present": PASSWORD, "new": new})
        assert done.status_code == 200
        assert who(anybody) == "li"
        assert who(other) is None
        assert who(sign_in(other, "li", new)) == "li"


# ---------------------------------------------------------------- H319: a forgotten password


def handed_over(admin: TestClient, name: str) -> str:
    """The secret of a new link."""
    answer = admin.post(f"/api/accounts/{name}/link")
    assert answer.status_code == 201, answer.text
    path, given = answer.json()["path"].split("#")
    assert path == "/signin"
    found = dict(parse_qsl(given))
    assert found["name"] == name.lower()
    assert len(found["link"]) >= 43
    return str(found["link"])


NEW = "a quiet canal at noon"


def test_H319_a_link_of_an_administrator_opens_once(anybody: TestClient, fresh: Database) -> None:
    with staff(fresh, "admin") as admin, browser(fresh) as other:
        enter(other, fresh, "li")
        secret = handed_over(admin, "LI")
        assert who(other) == "li"
        weak = anybody.post("/api/session/link", json={"link": secret, "new": "pinghu88"})
        assert_problem(weak, 422, "weak-password")
        done = anybody.post("/api/session/link", json={"link": secret, "new": NEW})
        assert done.json() == {"name": "li"}
        # It lets nobody in by itself, and ends what was open.
        assert who(anybody) is None
        assert who(other) is None
        again = assert_problem(
            anybody.post("/api/session/link", json={"link": secret, "new": PASSWORD}), 410, "bad-link"
        )
        assert "只能用一次" in again["detail_zh"]
        assert "an administrator for another" in again["detail_en"]
        old = anybody.post("/api/session", json={"name": "li", "password": PASSWORD})
        assert_problem(old, 401, "sign-in-failed")
        assert who(sign_in(anybody, "li", NEW)) == "li"
        log = [entry for entry in acts(fresh) if "password-link" in entry[1]]
        assert log == [("a-admin", "password-link", "account/li"), ("li", "password-link-used", "account/li")]
        assert secret not in str(everything_kept(fresh))


def acts(database: Database) -> list[tuple[str, str, str]]:
    with database.writing() as connection:
        found = connection.execute(text("select who, action, object from event_log order by id"))
        return [(row[0], row[1], row[2]) for row in found]


def everything_kept(database: Database) -> list[str]:
    query = "select e::text from event_log e union all select l::text from password_link l"
    with database.writing() as connection:
        return list(connection.execute(text(query)).scalars())


def test_H319_a_link_ends_after_30_minutes(fresh: Database) -> None:
    add(fresh, "li", "gis")
    now = datetime.now(UTC)
    with fresh.writing() as connection:
        link = links.issue(connection, "li", by="root", now=now)
    secret = dict(parse_qsl(link.path.split("#")[1]))["link"]
    assert link.expires_at - now == timedelta(minutes=30)
    with pytest.raises(service.AccessError) as refused, fresh.writing() as connection:
        links.use(connection, secret, NEW, now=now + timedelta(minutes=30))
    assert refused.value.code == "bad-link"
    with fresh.writing() as connection:
        assert links.use(connection, secret, NEW, now=now + timedelta(minutes=29, seconds=59)) == "li"


@pytest.mark.parametrize(
    "change", [{"disabled": True}, {"role": "planner"}, {"password": "a heron over the pond"}]
)
def test_H319_what_ends_the_sessions_ends_the_link(
    anybody: TestClient, fresh: Database, change: dict[str, object]
) -> None:
    with staff(fresh, "admin") as admin:
        secret = handed_over(admin, "li")
        assert admin.patch("/api/accounts/li", json=change).status_code == 200
        if "disabled" in change:
            assert_problem(admin.post("/api/accounts/li/link"), 422, "bad-account")
            assert admin.patch("/api/accounts/li", json={"disabled": False}).status_code == 200
        answer = anybody.post("/api/session/link", json={"link": secret, "new": NEW})
        assert_problem(answer, 410, "bad-link")


def test_H319_another_link_or_a_change_of_ones_own_ends_the_former(
    anybody: TestClient, fresh: Database
) -> None:
    sign_in(anybody, "li")
    with staff(fresh, "admin") as admin, browser(fresh) as stranger:
        first, second = handed_over(admin, "li"), handed_over(admin, "li")
        body = {"link": first, "new": NEW}
        assert_problem(stranger.post("/api/session/link", json=body), 410, "bad-link")
        own = anybody.post("/api/session/password", json={"present": PASSWORD, "new": NEW})
        assert own.status_code == 200
        body = {"link": second, "new": PASSWORD}
        assert_problem(stranger.post("/api/session/link", json=body), 410, "bad-link")


def test_H319_of_many_at_once_one_opens_the_link(fresh: Database) -> None:
    add(fresh, "li", "gis")
    with staff(fresh, "admin") as admin:
        secret = handed_over(admin, "li")

    def use(n: int) -> str:
        try:
            with fresh.writing() as connection:
                return links.use(connection, secret, f"{NEW} {n}")
        except service.AccessError as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == ["bad-link", "bad-link", "bad-link", "li"]


@pytest.mark.parametrize("secret", ["x", "x" * 200, "%00", "\x00", "’; drop table account"])
def test_H319_a_link_that_there_is_not_is_told_as_such(anybody: TestClient, secret: str) -> None:
    answer = anybody.post("/api/session/link", json={"link": secret, "new": NEW})
    assert_problem(answer, 410, "bad-link")


# ---------------------------------------------------------------- H318: tokens


def test_H318_a_token_is_shown_once_and_does_what_it_is_for(anybody: TestClient, fresh: Database) -> None:
    sign_in(anybody, "li")
    made = anybody.post("/api/tokens", json={"name": "QGIS", "scope": "read", "days": 30})
    assert made.status_code == 201
    secret = made.json()["secret"]
    with fresh.writing() as connection:
        assert secret not in connection.execute(text("select t::text from token t")).scalar_one()
    assert secret not in anybody.get("/api/tokens").text
    bearer = {"Authorization": f"Bearer {secret}"}
    with browser(fresh) as script:
        for name in OWN:
            script.headers.pop(name)
        found = script.get("/api/session", headers=bearer).json()
        assert (found["name"], found["by"]) == ("li", "token")
        # Neither accounts nor tokens are a script's business.
        assert_problem(script.get("/api/tokens", headers=bearer), 403, "forbidden")
        assert_problem(script.delete("/api/session", headers=bearer), 403, "forbidden")
        assert anybody.delete(f"/api/tokens/{made.json()['id']}").status_code == 200
        assert script.get("/api/session", headers=bearer).json()["signed_in"] is False
        assert_problem(anybody.delete(f"/api/tokens/{made.json()['id']}"), 404, "unknown-token")


def test_H318_a_token_ends_by_itself_and_with_its_account(fresh: Database) -> None:
    add(fresh, "li", "gis")
    day = timedelta(days=1)
    with fresh.writing() as connection:
        _, secret = service.add_token(connection, "li", "QGIS", "upload", day, by="test")
        found = service.who_of_token(connection, secret)
        assert found is not None
        assert (found.name, found.scope) == ("li", "upload")
        assert service.who_of_token(connection, secret, datetime.now(UTC) + day) is None
        service.change_account(connection, "li", by="test", disabled=True)
        assert service.who_of_token(connection, secret) is None
        for life in (timedelta(0), timedelta(days=400)):
            with pytest.raises(service.AccessError):
                service.add_token(connection, "li", "QGIS", "read", life, by="test")


def test_H302_H318_nobody_revokes_the_token_of_somebody_else(fresh: Database) -> None:
    add(fresh, "li", "gis")
    with fresh.writing() as connection:
        number, secret = service.add_token(connection, "li", "QGIS", "read", timedelta(days=1), by="test")
    with staff(fresh, "gis") as other:
        assert_problem(other.delete(f"/api/tokens/{number}"), 404, "unknown-token")
    with fresh.writing() as connection:
        assert service.who_of_token(connection, secret) is not None


@pytest.mark.parametrize("secret", ["", "guatu_x", "x" * 500, "平湖", "guatu_" + "a" * 43])
def test_H318_what_is_no_token_lets_nobody_in(client: TestClient, secret: str) -> None:
    answer = client.get("/api/tokens", headers={b"Authorization": f"Bearer {secret}".encode()})
    assert_problem(answer, 401, "sign-in-needed")
