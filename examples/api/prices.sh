#!/bin/sh
# The API with curl: a price, what a wrong row is told, and an item made, changed under its ETag and deleted.
# APPRAISE_TOKEN is an API key with the scopes items:read and items:write, or any other token that may.
set -eu
url="${APPRAISE_URL:-http://127.0.0.1:8787}"
json="content-type: application/json"
auth="authorization: Bearer $APPRAISE_TOKEN"

# Anyone may ask for a price where the dataset is public.
curl -sS --fail-with-body "$url/v1/diamonds/predict?coverage=0.8" -H "$json" \
  -d '{"carat":1.01,"cut":"Ideal","color":"G","clarity":"VS1"}'
echo

# 422: a problem document (RFC 9457) with one entry a fault.
curl -sS "$url/v1/diamonds/predict" -H "$json" -d '{"carat":1.01,"cut":"Perfect","color":"G","clarity":"VS1"}'
echo

# The same key sent twice makes one item.
curl -sS --fail-with-body "$url/v1/diamonds/items" -H "$auth" -H "$json" -H "idempotency-key: $(date +%s)-$$" \
  -d '{"id":"from-curl","features":{"carat":1.01,"cut":"Ideal","color":"G","clarity":"VS1"},"target":7000}'
echo
item="$url/v1/diamonds/items/from-curl"
etag=$(curl -sS --fail-with-body "$item" -H "$auth" -o /dev/null -D - | tr -d '\r' | sed -n 's/^[Ee][Tt][Aa][Gg]: //p')
curl -sS --fail-with-body -X PATCH "$item" -H "$auth" -H "content-type: application/merge-patch+json" \
  -H "if-match: $etag" -d '{"target":7100}'
echo
curl -sS --fail-with-body -X DELETE "$item" -H "$auth" -H "if-match: *"
