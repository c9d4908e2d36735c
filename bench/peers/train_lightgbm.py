"""LightGBM's side of bench:train: python train_lightgbm.py FOLDER THREADS"""

import lightgbm as lgb

from measure import read_task, report

folder, task, train, target, test = read_task()


def fit():
    params = {
        "objective": "regression",
        "max_depth": task["maxDepth"],
        "num_leaves": 2 ** task["maxDepth"],
        "learning_rate": task["learningRate"],
        "lambda_l2": task["lambda"],
        "min_sum_hessian_in_leaf": task["minChildWeight"],
        "min_data_in_leaf": 1,
        "max_bin": task["bins"],
        "num_threads": task["threads"],
        "verbose": -1,
    }
    return lgb.train(params, lgb.Dataset(train, target), num_boost_round=task["trees"])


report("lightgbm", lgb.__version__, fit, lambda model, rows: model.predict(rows), folder, task, test)
