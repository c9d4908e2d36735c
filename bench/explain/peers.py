"""XGBoost's pred_contribs on one thread: writes CPU microseconds a row and its contributions to results.json.

Usage: python peers.py FOLDER, which holds <name>.json (XGBoost models) and rows.json of [rows][features].
"""

import json
import pathlib
import statistics
import sys
import time

import numpy as np
import xgboost as xgb

folder = pathlib.Path(sys.argv[1])
rows = np.array(json.loads((folder / "rows.json").read_text()), dtype=np.float32)
one_by_one = [xgb.DMatrix(rows[i : i + 1], nthread=1) for i in range(len(rows))]
together = xgb.DMatrix(rows, nthread=1)
results = {}
for model in sorted(folder.glob("* trees *.json")):
    booster = xgb.Booster({"nthread": 1}, model_file=str(model))
    booster.set_param({"nthread": 1})
    times = []
    for each in one_by_one:
        start = time.process_time()
        booster.predict(each, pred_contribs=True)
        times.append(time.process_time() - start)
    start = time.process_time()
    contributions = booster.predict(together, pred_contribs=True)
    batch = (time.process_time() - start) / len(rows)
    results[model.stem] = {
        "version": xgb.__version__,
        "one": statistics.median(times) * 1e6,
        "batch": batch * 1e6,
        "contributions": contributions.tolist(),
    }
(folder / "results.json").write_text(json.dumps(results))
