// The API with the typed client: a price, what a wrong row is told, and an item made, changed under its ETag and deleted.
import { ApiFault, createClient, dataOf } from "../../sdk/index.ts";

const url = process.env.APPRAISE_URL ?? "http://127.0.0.1:8787";
const api = createClient({ url, token: process.env.APPRAISE_TOKEN });
const dataset = { dataset: "diamonds" };
const stone = { carat: 1.01, cut: "Ideal", color: "G", clarity: "VS1" };

const price = await dataOf(
  api.POST("/v1/{dataset}/predict", { params: { path: dataset, query: { coverage: 0.8 } }, body: stone }),
);
console.log(price.prediction, price.unit, price.interval.low, price.interval.high);

try {
  await dataOf(
    api.POST("/v1/{dataset}/predict", { params: { path: dataset }, body: { ...stone, cut: "Perfect" } }),
  );
} catch (error) {
  if (!(error instanceof ApiFault)) throw error;
  for (const { pointer, detail } of error.errors) console.log(error.status, pointer, detail);
}

const made = await dataOf(
  api.POST("/v1/{dataset}/items", {
    params: { path: dataset, header: { "idempotency-key": crypto.randomUUID() } },
    body: { id: "from-typescript", features: stone, target: 7000 },
  }),
);
const path = { ...dataset, id: made.id };
const { response } = await api.GET("/v1/{dataset}/items/{id}", { params: { path } });
const etag = response.headers.get("etag") ?? "";
const changed = await dataOf(
  api.PATCH("/v1/{dataset}/items/{id}", {
    params: { path, header: { "if-match": etag } },
    body: { target: 7100 },
  }),
);
console.log(changed.id, changed.target);
await dataOf(api.DELETE("/v1/{dataset}/items/{id}", { params: { path, header: { "if-match": "*" } } }));
