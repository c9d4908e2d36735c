"""The rivals' side of bench:tables: python tables_peers.py FOLDER folds, or FOLDER CONTESTANT

The first writes the fold of every row (scikit-learn's KFold or StratifiedKFold, shuffled, seed 42); the second fits one contestant on every
measured fold and writes FOLDER/CONTESTANT.json: held-out figures, seconds of the fits, bytes of a model, microseconds a row.
"""

import json
import os
import pathlib
import pickle
import sys
import time

import numpy as np

folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
meta = json.loads((folder / "meta.json").read_text())
rows = meta["rows"]
raw = np.fromfile(folder / "columns.f32", dtype=np.float32).reshape(-1, rows)
target = np.fromfile(folder / "target.f64")
isClass = meta["task"] != "regression"
threads = int(os.environ.get("BENCH_THREADS", "2"))

if name == "folds":
    from sklearn.model_selection import KFold, StratifiedKFold

    splitter = (StratifiedKFold if isClass else KFold)(meta["folds"], shuffle=True, random_state=42)
    assigned = np.zeros(rows, dtype=np.uint8)
    for fold, (_, held) in enumerate(splitter.split(np.zeros(rows), target)):
        assigned[held] = fold
    assigned.tofile(folder / "folds.u8")
    sys.exit()

import pandas as pd

classes = len(meta.get("classes", []))
isLog = meta["transform"] == "log"
answers = target.astype(int) if isClass else (np.log(target) if isLog else target)
categories = [feature["name"] for feature in meta["features"] if "levels" in feature]


def frame(texts):
    columns = {}
    for feature, column in zip(meta["features"], raw):
        if "levels" not in feature:
            columns[feature["name"]] = column.astype(np.float64)
        elif texts:
            levels = np.array([*feature["levels"], ""], dtype=object)
            columns[feature["name"]] = levels[column.astype(int)]
        else:
            columns[feature["name"]] = pd.Categorical.from_codes(column.astype(int), feature["levels"])
    # Separators and brackets in names are refused by some.
    result = pd.DataFrame(columns)
    result.columns = [f"f{index}" for index in range(len(result.columns))]
    return result


def textColumns():
    return [f"f{index}" for index, feature in enumerate(meta["features"]) if "levels" in feature]


def xgboost(**params):
    import xgboost as xgb

    make = xgb.XGBClassifier if isClass else xgb.XGBRegressor
    return (lambda: make(tree_method="hist", enable_categorical=True, n_jobs=threads, **params)), False, xgb.__version__


def lightgbm():
    import lightgbm as lgb

    make = lgb.LGBMClassifier if isClass else lgb.LGBMRegressor
    return (lambda: make(n_jobs=threads, verbose=-1)), False, lgb.__version__


def catboost():
    import catboost as cb

    make = cb.CatBoostClassifier if isClass else cb.CatBoostRegressor
    options = {"verbose": 0, "thread_count": threads, "cat_features": textColumns(), "allow_writing_files": False}
    return (lambda: make(**options)), True, cb.__version__


def linear():
    import sklearn
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    def make():
        texts = textColumns()
        numbers = [f"f{i}" for i in range(len(meta["features"])) if f"f{i}" not in texts]
        design = ColumnTransformer(
            [
                ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
                ("levels", OneHotEncoder(handle_unknown="ignore"), texts),
            ]
        )
        if isClass:
            return make_pipeline(design, LogisticRegression(max_iter=2000))
        wide = sum(len(feature.get("levels", [0])) for feature in meta["features"]) > 1000
        return make_pipeline(design, Ridge(alpha=1) if wide else RidgeCV(np.logspace(-2, 3, 11)))

    return make, True, sklearn.__version__


contestants = {
    "xgboost": lambda: xgboost(),
    "xgboost-tuned": lambda: xgboost(n_estimators=400, learning_rate=0.05, max_depth=5, subsample=0.8),
    "lightgbm": lightgbm,
    "catboost": catboost,
    "linear": linear,
}

make, texts, version = contestants[name]()
table = frame(texts)
assigned = np.fromfile(folder / "folds.u8", dtype=np.uint8)
held = np.flatnonzero(assigned < meta["measured"])
predicted = np.full((rows, classes) if isClass else rows, np.nan)
seconds, size, rowSeconds = [], 0, []
for fold in range(meta["measured"]):
    inside, outside = np.flatnonzero(assigned != fold), np.flatnonzero(assigned == fold)
    started = time.perf_counter()
    model = make().fit(table.iloc[inside], answers[inside])
    seconds.append(time.perf_counter() - started)
    size = len(pickle.dumps(model))
    part = table.iloc[outside]
    started = time.perf_counter()
    predicted[outside] = model.predict_proba(part) if isClass else model.predict(part)
    rowSeconds.append((time.perf_counter() - started) / len(outside))
if isLog:
    predicted = np.exp(predicted)
np.ascontiguousarray(predicted[held]).tofile(folder / f"{name}.predicted.f64")
figures = {
    "version": version,
    "seconds": float(np.mean(seconds)),
    "bytes": size,
    "microsecondsPerRow": float(np.mean(rowSeconds) * 1e6),
}
(folder / f"{name}.json").write_text(json.dumps(figures))
