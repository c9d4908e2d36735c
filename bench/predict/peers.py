"""The same models in other runtimes on one thread: writes median microseconds a call to results.json.

Usage: python peers.py FOLDER, which holds <name>.onnx, <name>.json (XGBoost) and rows.json of [rows][features].
Runs what is installed: xgboost, onnxruntime, treelite with tl2cgen (compiled C).
"""

import json
import pathlib
import statistics
import sys
import tempfile
import time

import numpy as np

folder = pathlib.Path(sys.argv[1])
rows = np.array(json.loads((folder / "rows.json").read_text()), dtype=np.float32)
counts = [1, 10, 1000]


def median_us(predict, count):
    # Other rows at every call: with the same ones the processor would learn their ways through the trees by heart.
    parts = [rows[start : start + count].copy() for start in range(0, len(rows) - count + 1, count)]
    calls = 1
    while timed(predict, parts, calls) < 0.06:
        calls *= 2
    return statistics.median(timed(predict, parts, calls) / calls for _ in range(11)) * 1e6


def timed(predict, parts, calls):
    start = time.perf_counter()
    for call in range(calls):
        predict(parts[call % len(parts)])
    return time.perf_counter() - start


def measure(predict):
    return {str(count): median_us(predict, count) for count in counts}


def with_xgboost(name):
    import xgboost as xgb

    booster = xgb.Booster({"nthread": 1}, model_file=str(folder / f"{name}.json"))
    booster.set_param({"nthread": 1})
    return measure(lambda part: booster.inplace_predict(part))


def with_onnxruntime(name):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_inputs()]

    def predict(part):
        session.run(None, {each: part[:, i : i + 1] for i, each in enumerate(names)})

    return measure(predict)


def with_treelite(name):
    import tl2cgen
    import treelite

    model = treelite.frontend.load_xgboost_model(str(folder / f"{name}.json"))
    library = pathlib.Path(tempfile.mkdtemp()) / "model.so"
    tl2cgen.export_lib(model, toolchain="gcc", libpath=str(library), params={"parallel_comp": 8})
    predictor = tl2cgen.Predictor(str(library), nthread=1)
    return measure(lambda part: predictor.predict(tl2cgen.DMatrix(part)))


def is_compilable(model):
    # Compiling takes gcc minutes beyond this.
    return model.stat().st_size < 4_000_000


results = {}
for label, run in [("XGBoost", with_xgboost), ("onnxruntime native", with_onnxruntime), ("Treelite, compiled C", with_treelite)]:
    for model in sorted(folder.glob("*.onnx")):
        if run is with_treelite and not is_compilable(model):
            print(f"{label}: {model.stem} left out, too large to compile in a bench", file=sys.stderr)
            continue
        try:
            results.setdefault(model.stem, {})[label] = run(model.stem)
        except ImportError as error:
            print(f"{label}: not installed ({error.name})", file=sys.stderr)
(folder / "results.json").write_text(json.dumps(results))
