"""The rival's side of bench:search: Optuna's TPE with XGBoost over the same rows, folds and space, from a folder that index.ts wrote.

    python bench/search/peer.py FOLDER

Reads FOLDER/task.json and the float64 columns it names, prints one JSON object.
"""

import json
import pathlib
import sys
import time

import numpy as np
import optuna
import xgboost

names = {
    "lambda": "lambda",
    "alpha": "alpha",
    "learningRate": "learning_rate",
    "columnShare": "colsample_bytree",
    "rowShare": "subsample",
    "maxDepth": "max_depth",
    "minChildWeight": "min_child_weight",
}

folder = pathlib.Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())


def read(name):
    return np.fromfile(folder / f"{name}.f64")


def columns(part):
    return np.column_stack([read(f"{part}-{i}") for i in range(len(task["features"]))]).astype(np.float32)


train, test = columns("train"), columns("test")
price, test_price = read("train-target"), read("test-target")
fold = read("fold")
log = task["log"]
into, back = (np.log, np.exp) if log else (np.asarray, np.asarray)


def draw(trial):
    params = {}
    for name, dimension in task["space"].items():
        suggest = trial.suggest_int if dimension["type"] == "int" else trial.suggest_float
        params[name] = suggest(name, dimension["low"], dimension["high"], log=dimension["log"])
    return params


def fit(params, rows, answers):
    settings = {names[name]: value for name, value in params.items() if name in names}
    settings |= {"tree_method": "hist", "nthread": 1, "seed": task["seed"], "verbosity": 0}
    return xgboost.train(settings, xgboost.DMatrix(rows, into(answers), nthread=1), params["trees"])


def predict(model, rows):
    return back(model.predict(xgboost.DMatrix(rows, nthread=1)).astype(np.float64))


def objective(trial):
    params = draw(trial)
    error = 0.0
    seen = 0
    for step in range(task["folds"]):
        inside, outside = fold != step, fold == step
        model = fit(params, train[inside], price[inside])
        error += np.abs(predict(model, train[outside]) - price[outside]).sum()
        seen += outside.sum()
        trial.report(error / seen, step)
        if trial.should_prune():
            raise optuna.TrialPruned()
    return error / seen


optuna.logging.set_verbosity(optuna.logging.ERROR)
started = time.perf_counter()
started_cpu = time.process_time()
study = optuna.create_study(
    sampler=optuna.samplers.TPESampler(seed=task["seed"], multivariate=True, warn_independent_sampling=False),
    pruner=optuna.pruners.MedianPruner(n_startup_trials=5),
)
# XGBoost releases the interpreter's lock while it trains, so threads of Python do run trials at once.
study.optimize(objective, n_trials=task["trials"], n_jobs=task["threads"])
seconds = time.perf_counter() - started
cpu_seconds = time.process_time() - started_cpu
states = [trial.state.name for trial in study.trials]
best = study.best_trial
print(
    json.dumps(
        {
            "name": f"Optuna {optuna.__version__} + XGBoost {xgboost.__version__}",
            "seconds": seconds,
            "cpuSeconds": cpu_seconds,
            "trials": len(states),
            "complete": states.count("COMPLETE"),
            "crossValidated": best.value,
            "heldOut": float(np.abs(predict(fit(best.params, train, price), test) - test_price).mean()),
            "params": best.params,
        }
    )
)
