"""What Aralify adds to starting Python and to starting a kernel, measured in alternating pairs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import pytest
from jupyter_client.manager import start_new_kernel

IMPORT_PAIRS = 25
KERNEL_PAIRS = 20

pytestmark = [pytest.mark.benchmark, pytest.mark.slow]


def seconds_to_run(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


def seconds_to_first_result(kernel_name: str) -> float:
    begin = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=kernel_name)
    try:
        reply = client.execute_interactive("1 + 1", output_hook=lambda _message: None, timeout=60)
        assert reply["content"]["status"] == "ok"
        return time.perf_counter() - begin
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_what_importing_the_package_costs_over_bare_python(capsys):
    pairs = [(seconds_to_run("pass"), seconds_to_run("import aralify_kernel")) for _ in range(IMPORT_PAIRS)]
    bare = statistics.median(bare for bare, _ in pairs) * 1000
    extra = statistics.median(ours - bare for bare, ours in pairs) * 1000
    with capsys.disabled():
        print(
            f"\nimport aralify_kernel: {extra:+.1f} ms over bare Python ({bare:.1f} ms), "
            f"{extra / 60:.2f} of the limit of 60 ms, {IMPORT_PAIRS} pairs"
        )


def test_how_fast_the_aralify_kernel_starts_next_to_plain_ipykernel(capsys):
    for name in ("python3", "aralify"):
        seconds_to_first_result(name)  # both warm
    pairs = []
    for number in range(KERNEL_PAIRS):
        names = ("python3", "aralify") if number % 2 else ("aralify", "python3")
        seconds = {name: seconds_to_first_result(name) for name in names}
        pairs.append((seconds["python3"], seconds["aralify"]))
    plain = statistics.median(plain for plain, _ in pairs)
    ratio = statistics.median(ours / plain for plain, ours in pairs)
    with capsys.disabled():
        print(
            f"\naralify kernel, start to first result: {ratio:.3f} of plain ipykernel ({plain * 1000:.0f} ms), "
            f"limit 1.05, {KERNEL_PAIRS} pairs"
        )
