"""Writes one of scikit-learn's bundled tables as CSV: python bundled_tables.py FOLDER NAME"""

import pathlib
import sys

from sklearn import datasets

folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
options = {"scaled": False} if name == "diabetes" else {}
bunch = getattr(datasets, f"load_{name}")(as_frame=True, **options)
frame = bunch.data.copy()
frame["target"] = (
    [f"class {label}" for label in bunch.target] if hasattr(bunch, "target_names") and name != "diabetes" else bunch.target
)
frame.to_csv(folder / f"{name}.csv", index=False)
