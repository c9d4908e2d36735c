"""The same models in other runtimes on one thread: writes median microseconds a call to results.json.

Usage: python peers.py FOLDER, which holds <name>.onnx, <name>.json (XGBoost) and rows.json of [rows][features].
Runs what is installed: xgboost (Python, and its C API where there is gcc), onnxruntime, treelite with tl2cgen (compiled C).
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
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


def with_c(kind, library, name):
    """Through c-apis.c, without Python between; checks that it prices the first row as XGBoost does."""
    import xgboost as xgb

    model = folder / f"{name}.json"
    program = folder / "c-apis"
    if not program.exists():
        source = pathlib.Path(__file__).with_name("c-apis.c")
        subprocess.run(["gcc", "-O2", "-o", program, source, "-ldl", "-lm"], check=True)
    rows.tofile(folder / "rows.f32")
    arguments = [program, kind, library, model, folder / "rows.f32", str(rows.shape[0]), str(rows.shape[1])]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    times = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True, env=environment).stdout)
    expected = xgb.Booster({"nthread": 1}, model_file=str(model)).inplace_predict(rows[:1])[0]
    if abs(times.pop("first") - expected) > 1e-4 * abs(expected):
        raise RuntimeError(f"{kind} prices {name} otherwise than XGBoost's Python does")
    return times


def with_xgboost_c(name):
    import xgboost as xgb

    return with_c("xgboost", pathlib.Path(xgb.__file__).parent / "lib" / "libxgboost.so", name)


def with_treelite(name):
    import tl2cgen
    import treelite

    model = treelite.frontend.load_xgboost_model(str(folder / f"{name}.json"))
    library = folder / f"{name}.so"
    # Each unit holds so few trees that gcc's time stays linear.
    tl2cgen.export_lib(model, toolchain="gcc", libpath=library, params={"parallel_comp": model.num_tree // 10})
    return with_c("treelite", library, name)


runtimes = {
    "XGBoost, Python": with_xgboost,
    "XGBoost, C API": with_xgboost_c,
    "onnxruntime native, Python": with_onnxruntime,
    "Treelite, compiled C": with_treelite,
}
# gcc takes a quarter of an hour beyond this.
longest_to_compile = 4_000_000

results = {}
for label, run in runtimes.items():
    for model in sorted(folder.glob("*.onnx")):
        if run is with_treelite and model.stat().st_size > longest_to_compile:
            print(f"{label}: {model.stem} left out, too large to compile in a bench", file=sys.stderr)
            continue
        try:
            results.setdefault(model.stem, {})[label] = run(model.stem)
        except (ImportError, FileNotFoundError) as error:
            print(f"{label}: left out ({error})", file=sys.stderr)
(folder / "results.json").write_text(json.dumps(results))
