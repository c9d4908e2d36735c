"""XGBoost's side of bench:accuracy: python peer.py FOLDER

Reads FOLDER/task.json and the matrices beside it, leaves one file of held-out predictions a setting, prints versions and seconds as JSON.
"""

import json
import pathlib
import sys
import time

import numpy as np
import xgboost as xgb

folder = pathlib.Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())


def matrix(part):
    return np.fromfile(folder / f"{part}.f32", dtype=np.float32).reshape(-1, task["columns"])


train, test = matrix("train"), matrix("test")
target = np.fromfile(folder / "target.f64")
seconds = []
for index, setting in enumerate(task["settings"]):
    used = task["columns"] if setting["derived"] else task["features"]
    started = time.perf_counter()
    params = {"tree_method": "hist", "nthread": task["threads"], **setting["params"]}
    model = xgb.train(params, xgb.DMatrix(train[:, :used], target), num_boost_round=setting["rounds"])
    seconds.append(time.perf_counter() - started)
    predicted = model.predict(xgb.DMatrix(test[:, :used])).astype(np.float64)
    predicted.tofile(folder / f"predicted-{index}.f64")
print(json.dumps({"version": xgb.__version__, "seconds": seconds}))
