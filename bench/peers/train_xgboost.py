"""XGBoost's side of bench:train: python train_xgboost.py FOLDER THREADS"""

import xgboost as xgb

from measure import read_task, report

folder, task, train, target, test = read_task()


def fit():
    # QuantileDMatrix bins as it reads: the leanest way in. Its cost is part of the fit, as binning is of ours.
    data = xgb.QuantileDMatrix(train, target, nthread=task["threads"], max_bin=task["bins"])
    params = {
        "objective": "reg:squarederror",
        "tree_method": "hist",
        "max_depth": task["maxDepth"],
        "learning_rate": task["learningRate"],
        "lambda": task["lambda"],
        "min_child_weight": task["minChildWeight"],
        "max_bin": task["bins"],
        "nthread": task["threads"],
    }
    return xgb.train(params, data, num_boost_round=task["trees"])


report("xgboost", xgb.__version__, fit, lambda model, rows: model.predict(xgb.DMatrix(rows)), folder, task, test)
