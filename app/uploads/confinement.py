"""What the process that reads a stranger's file may not do: connect, start programs, trace others, use more
than its share of processor, memory and files. Linux on x86-64 and ARM64; a system without seccomp still gets
the limits, and `guatu doctor` says so.

The filter is classic BPF as the kernel describes it (Documentation/userspace-api/seccomp_filter.rst); system
call numbers are those of the kernel's tables for each architecture.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from dataclasses import dataclass
from pathlib import Path

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER, _PR_SET_DUMPABLE = 38, 22, 2, 4
_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM = 1
_NR_OFFSET, _ARCH_OFFSET = 0, 4
# The third argument, which for openat is how to open; of two words the lower one.
_FLAGS_OFFSET = 16 + 2 * 8
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# Numbers above this belong to the x32 way of calling, which would slip past a list of the usual ones.
_X32 = 0x40000000

# name of the machine: (audit number, denied system calls, openat, which is denied when it is to write)
_MACHINES: dict[str, tuple[int, dict[str, int], int]] = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "bind": 49, "listen": 50,
            "socketpair": 53, "execve": 59, "kill": 62, "ptrace": 101,
            "mount": 165, "keyctl": 250, "unshare": 272, "accept4": 288, "perf_event_open": 298,
            "process_vm_readv": 310, "process_vm_writev": 311, "execveat": 322, "bpf": 321,
            "io_uring_setup": 425, "tgkill": 234, "tkill": 200, "pidfd_send_signal": 424,
            "open": 2, "openat2": 437, "creat": 85, "truncate_path": 76, "ftruncate": 77, "rename": 82,
            "mkdir": 83, "rmdir": 84, "link": 86, "unlink": 87, "symlink": 88, "chmod": 90, "fchmod": 91,
            "chown": 92, "fchown": 93, "lchown": 94, "mknod": 133, "mkdirat": 258, "mknodat": 259,
            "fchownat": 260, "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266,
            "fchmodat": 268, "renameat2": 316, "fchmodat2": 452, "open_by_handle_at": 304,
        },
        257,
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203,
            "sendto": 206, "execve": 221, "kill": 129, "ptrace": 117, "mount": 40, "keyctl": 219,
            "unshare": 97, "accept4": 242, "perf_event_open": 241, "process_vm_readv": 270,
            "process_vm_writev": 271, "execveat": 281, "bpf": 280, "io_uring_setup": 425, "tgkill": 131,
            "tkill": 130, "pidfd_send_signal": 424,
            "openat2": 437, "truncate_path": 45, "ftruncate": 46, "mknodat": 33, "mkdirat": 34,
            "unlinkat": 35,
            "symlinkat": 36, "linkat": 37, "renameat": 38, "fchmod": 52, "fchmodat": 53, "fchownat": 54,
            "fchown": 55, "renameat2": 276, "fchmodat2": 452, "open_by_handle_at": 265,
        },
        56,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """What a reading process may use."""

    cpu_s: int = 60
    memory_bytes: int = 2 << 30
    files: int = 64


def confine(share: Share) -> bool:
    """Give up, for this process and for good, all it does not need to read one file. It must be called when
    everything is imported and before the first byte of the file is read.

    Returns whether the kernel also forbids connections and programs. Raises OSError when a
    limit cannot be set.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (share.files, share.files))
    resource.setrlimit(resource.RLIMIT_CPU, (share.cpu_s, share.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_AS, (share.memory_bytes, share.memory_bytes))
    os.nice(5)
    return _forbid_calls()


def can_forbid_calls() -> bool:
    """Whether this system knows the filter."""
    return platform.machine() in _MACHINES and Path("/proc/sys/kernel/seccomp").exists()


def _forbid_calls() -> bool:
    if not can_forbid_calls():
        return False
    architecture, denied, openat = _MACHINES[platform.machine()]
    program = _filter(architecture, sorted(denied.values()), openat)
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program)
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    for call in (
        (_PR_SET_DUMPABLE, 0, 0, 0, 0),
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(described), 0, 0),
    ):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refused to confine the reading process")
    return True


def _filter(architecture: int, denied: list[int], openat: int) -> bytes:
    """The BPF program: another architecture dies, a denied call and opening a file to write fail, everything
    else goes through. Jumps count the steps between."""
    count = len(denied)
    steps = [
        (_LOAD_WORD, 0, 0, _ARCH_OFFSET),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _NR_OFFSET),
        (_JUMP_AT_LEAST, count + 4, 0, _X32),
    ]
    steps += [(_JUMP_EQUAL, count + 3 - at, 0, number) for at, number in enumerate(denied)]
    steps += [
        (_JUMP_EQUAL, 0, 2, openat),
        (_LOAD_WORD, 0, 0, _FLAGS_OFFSET),
        (_JUMP_ANY_BIT, 1, 0, _TO_WRITE),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL | _EPERM),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
