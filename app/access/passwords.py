"""Passwords: which are refused, how they are kept, and the same time for every comparison."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 128
# Eight figures are a birthday or a telephone number.
LONG_FOR_FIGURES = 12
# The words that somebody who knows the office tries first.
LOCAL_WORDS = ("guatu", "挂图", "pinghu", "平湖", "longgang", "龙岗", "shenzhen", "深圳", "admin", "password")
_COMMON = Path(__file__).with_name("common_passwords.txt")
# RFC 9106's second choice: 64 MiB and about a tenth of a second a hash.
_HASHER = PasswordHasher()
# A crowd at the door must not take the memory of the machine.
_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE_S = 5


class WeakPassword(ValueError):
    """The password is refused; the message is in English, `zh` holds the same in Chinese."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


class TooBusy(Exception):
    """More people sign in at once than the machine can compare passwords for."""


def check(password: str, name: str) -> None:
    """Raise WeakPassword unless it may be the password of the account `name`. What it is made of is free."""
    text = _folded(password)
    if len(password) < SHORTEST:
        raise WeakPassword(f"密码至少 {SHORTEST} 个字符", f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 个字符", f"A password has at most {LONGEST} characters.")
    word = "".join(c for c in text if c.isalpha())
    figures_alone = not word and len(text) < LONG_FOR_FIGURES
    if len(set(text)) < 4 or figures_alone or text in _common():
        raise WeakPassword(
            "这个密码太常见，会被最先试到；几个不相干的词连在一起就很好",
            "This password is too common and would be tried first. A few unrelated words make a good one.",
        )
    if word in {_folded(name), *LOCAL_WORDS} or text in (name * 2, name * 3):
        raise WeakPassword(
            "密码不能只是账号名、地名或“挂图”加几个数字",
            "A password must not be the account's name, a local name or 'guatu' with a few figures.",
        )


def random() -> str:
    """A password that nobody guesses and somebody can type: 20 letters and figures, about 100 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def hashed(password: str) -> str:
    """What is kept of it (Argon2id, with its parameters and salt). Raises TooBusy."""
    with _Turn():
        return _HASHER.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password. None (there is no such account) takes as long and never is.

    Raises TooBusy.
    """
    with _Turn():
        try:
            _HASHER.verify(kept or _nobody(), _normal(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


class _Turn:
    def __enter__(self) -> None:
        if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
            raise TooBusy

    def __exit__(self, *_: object) -> None:
        _AT_ONCE.release()


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _normal(password: str) -> str:
    """The same password from every keyboard (RFC 8265: NFC; nothing is trimmed)."""
    return unicodedata.normalize("NFC", password)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
