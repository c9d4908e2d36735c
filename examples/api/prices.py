"""The API with requests: a price, what a wrong row is told, and an item made, changed under its ETag and deleted."""

import os
import uuid

import requests

url = os.environ.get("APPRAISE_URL", "http://127.0.0.1:8787")
stone = {"carat": 1.01, "cut": "Ideal", "color": "G", "clarity": "VS1"}
api = requests.Session()
api.headers["authorization"] = f"Bearer {os.environ['APPRAISE_TOKEN']}"


def call(method: str, path: str, **options) -> requests.Response:
    answer = api.request(method, f"{url}/v1/diamonds{path}", timeout=30, **options)
    answer.raise_for_status()
    return answer


price = call("POST", "/predict", params={"coverage": 0.8}, json=stone).json()
print(price["prediction"], price["unit"], price["interval"]["low"], price["interval"]["high"])

try:
    call("POST", "/predict", json=stone | {"cut": "Perfect"})
except requests.HTTPError as error:
    for fault in error.response.json()["errors"]:
        print(error.response.status_code, fault["pointer"], fault["detail"])

once = {"idempotency-key": str(uuid.uuid4())}
item = {"id": "from-python", "features": stone, "target": 7000}
made = call("POST", "/items", json=item, headers=once).json()
path = f"/items/{made['id']}"
etag = call("GET", path).headers["etag"]
changed = call("PATCH", path, json={"target": 7100}, headers={"if-match": etag}).json()
print(changed["id"], changed["target"])
call("DELETE", path, headers={"if-match": "*"})
