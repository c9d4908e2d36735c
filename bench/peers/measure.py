"""What the rivals' sides of bench:train share: reading the task, and the cost of a fit."""

import json
import pathlib
import resource
import sys
import time

import numpy as np


def read_task():
    """The folder, the task and the matrices that bench/train wrote, row-major float32."""
    folder = pathlib.Path(sys.argv[1])
    task = json.loads((folder / "task.json").read_text())
    task["threads"] = int(sys.argv[2])

    def matrix(part, rows):
        return np.fromfile(folder / f"{part}.f32", dtype=np.float32).reshape(rows, task["features"])

    train = matrix("train", task["rows"])
    target = np.fromfile(folder / "train-target.f32", dtype=np.float32)
    test = matrix("test", task["testRows"])
    return folder, task, train, target, test


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(name, version, fit, predict, folder, task, test):
    """Runs `fit`, prints its cost as JSON and leaves the held-out predictions in the folder."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu, wall = cpu_seconds(), time.perf_counter()
    model = fit()
    cost = {"cpuSeconds": cpu_seconds() - cpu, "wallSeconds": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    file = f"{name}-{task['threads']}.f32"
    np.asarray(predict(model, test), dtype=np.float32).tofile(folder / file)
    print(json.dumps({"version": version, **cost, "beforeMegabytes": before, "peakMegabytes": peak, "predictions": file}))
