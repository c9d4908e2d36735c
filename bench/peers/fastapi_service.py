"""A price service as Python stacks write it, for bench:http: FastAPI on uvicorn, one process, every request logged to SQLite.

Usage: python fastapi_service.py WAY FOLDER PORT, where FOLDER holds model.onnx, spec.json and, for the DataFrame, rows.csv.
WAY arrays: the tuned one. The Worker's own model.onnx on onnxruntime, numpy arrays, log entries in batches from a thread of their own.
WAY dataframe: the usual one. XGBoost of the same shape fitted to the same rows, a pandas DataFrame a request, one insert a request.
"""

import json
import pathlib
import queue
import sqlite3
import sys
import threading
import time
import uuid
from typing import Literal, Optional

import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

way, folder, port = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
spec = json.loads((folder / "spec.json").read_text())
features = spec["features"]
gather_seconds = 0.05


def field_of(feature):
    """A feature as pydantic checks it: the levels, or the range."""
    if feature["type"] == "category":
        kind, bounds = Literal[tuple(feature["levels"])], {}
    else:
        above = "gt" if feature.get("exclusiveMinimum") else "ge"
        kind = float
        bounds = {above: feature.get("minimum"), "le": feature.get("maximum")}
    bounds = {key: value for key, value in bounds.items() if value is not None}
    if feature.get("required"):
        return kind, Field(**bounds)
    return Optional[kind], Field(default=None, **bounds)


Row = create_model(
    "Row", __config__=ConfigDict(extra="forbid", strict=True), **{each["name"]: field_of(each) for each in features}
)


class Interval(BaseModel):
    low: float
    high: float
    coverage: float


class Price(BaseModel):
    id: str
    prediction: float
    unit: str
    interval: Interval
    missing: list[str]


def open_database():
    database = sqlite3.connect(folder / f"{way}.sqlite", check_same_thread=False, isolation_level=None)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = normal")
    database.execute(
        "create table if not exists requests (id text primary key, time integer, method text, path text, status integer, "
        "latency_ms real, request_body text, response_body text, client text)"
    )
    return database


insert = "insert into requests values (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class BatchedLog:
    """Entries of some 50 ms in one transaction, written by a thread of its own."""

    def __init__(self):
        self.entries = queue.SimpleQueue()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        database = open_database()
        while True:
            batch = [self.entries.get()]
            time.sleep(gather_seconds)
            while not self.entries.empty():
                batch.append(self.entries.get())
            database.execute("begin")
            database.executemany(insert, batch)
            database.execute("commit")

    def write(self, entry):
        self.entries.put(entry)


class PlainLog:
    def __init__(self):
        self.database = open_database()

    def write(self, entry):
        self.database.execute(insert, entry)


def load_arrays():
    """One row as a dict to a price, through numpy arrays and onnxruntime."""
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    inputs = [(each["name"], each["type"] == "number") for each in features]

    def price(row):
        feeds = {}
        for name, is_number in inputs:
            value = row[name]
            if is_number:
                feeds[name] = np.array([[np.nan if value is None else value]], dtype=np.float32)
            else:
                feeds[name] = np.array([["" if value is None else value]], dtype=object)
        return float(session.run(["prediction"], feeds)[0][0, 0])

    return price


def load_dataframe():
    """One row as a dict to a price, through a DataFrame of categories and XGBoost; fits the model where there is none yet."""
    import numpy as np
    import pandas as pd
    import xgboost as xgb

    levels = {each["name"]: each["levels"] for each in features if each["type"] == "category"}
    names = [each["name"] for each in features]

    kinds = {name: pd.CategoricalDtype(levels[name]) if name in levels else "float64" for name in names}

    def typed(frame):
        return frame[names].astype(kinds)

    path = folder / "xgboost.ubj"
    if not path.exists():
        rows = pd.read_csv(folder / "rows.csv")
        target = np.log(rows[spec["target"]["name"]])
        params = {"tree_method": "hist", "max_depth": 6, "eta": 0.1, "nthread": 1}
        fitted = xgb.train(params, xgb.DMatrix(typed(rows), target, enable_categorical=True), num_boost_round=400)
        fitted.save_model(path)
    booster = xgb.Booster({"nthread": 1}, model_file=str(path))
    booster.set_param({"nthread": 1})

    def price(row):
        frame = typed(pd.DataFrame([row]))
        return float(np.exp(booster.predict(xgb.DMatrix(frame, enable_categorical=True)))[0])

    return price


price_of = load_arrays() if way == "arrays" else load_dataframe()
log = BatchedLog() if way == "arrays" else PlainLog()
app = FastAPI()
unit = spec["target"]["unit"]


@app.get("/healthz")
async def health():
    return {"status": "ok"}


@app.post("/v1/{dataset}/predict", response_model=Price)
async def predict(dataset: str, row: Row, request: Request, response: Response):
    started = time.time()
    given = row.model_dump()
    prediction = price_of(given)
    # As wide as a conformal interval in logs is: what it costs, not what it says.
    interval = Interval(low=prediction * 0.87, high=prediction * 1.15, coverage=0.9)
    missing = [name for name, value in given.items() if value is None]
    answer = Price(id=str(uuid.uuid4()), prediction=prediction, unit=unit, interval=interval, missing=missing)
    body = (await request.body()).decode()
    took = (time.time() - started) * 1000
    client = request.headers.get("cf-connecting-ip")
    log.write((answer.id, int(started * 1000), "POST", request.url.path, 200, took, body, answer.model_dump_json(), client))
    response.headers["x-request-id"] = answer.id
    return answer


uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")
