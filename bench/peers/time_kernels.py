"""Times Jupyter kernels side by side, through jupyter_client: starts them in turn, asks each the same, and prints JSON.

    python time_kernels.py KERNELSPECS ROUNDS

KERNELSPECS is a folder that holds the kernelspec `nacre`; ipykernel is that of this Python.
"""

import json
import sys
import tempfile
import time

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

CELLS = {
    "nacre": {
        "first cell": "6 * 7",
        "trivial cell": "6 * 7",
        "first import": 'import { figures, openRun, show, syntheticScan } from "nacre";',
        "first Tab": "figures.",
        "second Tab": "figures.r",
        "first figure": 'const { volume } = syntheticScan("mri");\nawait show(figures.threePlanes(volume));',
    },
    "python3": {
        "first cell": "6 * 7",
        "trivial cell": "6 * 7",
        "first import": "import numpy as np, matplotlib.pyplot as plt",
        "first Tab": "plt.",
        "second Tab": "plt.im",
        "first figure": "figure, axes = plt.subplots(1, 3)\n"
        "for ax in axes: ax.imshow(np.random.default_rng(1).normal(size=(68, 80)))\n"
        "plt.show()",
    },
}


def processor_seconds(pid):
    """Of the kernel and all it started, ended ones included."""
    kernel = psutil.Process(pid)
    own = kernel.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in kernel.children(recursive=True):
        times = child.cpu_times()
        total += times.user + times.system
    return total


def megabytes(pid):
    kernel = psutil.Process(pid)
    return sum(p.memory_info().rss for p in [kernel, *kernel.children(recursive=True)]) / 1e6


def answered(client, message):
    """Waits for the reply, then for the idle status that ends the outputs."""
    while True:
        reply = client.get_shell_msg(timeout=300)
        if reply["parent_header"].get("msg_id") == message:
            break
    while True:
        heard = client.get_iopub_msg(timeout=300)
        ended = heard["content"].get("execution_state") == "idle"
        if ended and heard["parent_header"].get("msg_id") == message:
            break
    if reply["content"]["status"] != "ok":
        raise SystemExit(f"{reply['content']}")


def measure(name, specs, folder):
    rows = {}

    def note(step, began, spent):
        wall = time.perf_counter() - began
        rows[step] = {
            "wall": wall,
            "cpu": processor_seconds(pid) - spent,
            "megabytes": megabytes(pid),
        }

    manager = KernelManager(kernel_name=name, kernel_spec_manager=specs)
    began = time.perf_counter()
    manager.start_kernel(cwd=folder)
    pid = manager.provisioner.process.pid
    client = manager.client()
    client.start_channels()
    # As a front end does: the first answer to kernel_info makes the kernel ready. Its idle status may come before the
    # subscription to it.
    client.kernel_info()
    client.get_shell_msg(timeout=300)
    note("ready", began, 0)
    # What it does then unasked, while its user reads or types.
    time.sleep(6)
    note("settled", began, 0)
    for step, code in CELLS[name].items():
        began, spent = time.perf_counter(), processor_seconds(pid)
        tab = step.endswith("Tab")
        answered(client, client.complete(code, len(code)) if tab else client.execute(code))
        note(step, began, spent)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return rows


def main():
    kernelspecs, rounds = sys.argv[1], int(sys.argv[2])
    specs = KernelSpecManager(kernel_dirs=[kernelspecs, f"{sys.prefix}/share/jupyter/kernels"])
    # The first start of each is not counted: it fills the machine's file cache.
    found = {name: [] for name in CELLS}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds + 1):
            for name in CELLS:
                rows = measure(name, specs, folder)
                if turn > 0:
                    found[name].append(rows)
    print(json.dumps(found))


main()
