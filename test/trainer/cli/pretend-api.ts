// As much of the API as the command line calls, in memory: enough to see a run from load to champion.
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";

export interface PretendApi extends ScriptedServer {
  readonly items: Map<string, Record<string, unknown>>;
  readonly models: Map<string, { manifest: Manifest; onnx: Uint8Array<ArrayBuffer> }>;
  readonly snapshots: Map<string, Buffer>;
  champion: string | undefined;
  readonly moves: readonly AliasMove[];
  /** Model cards by id. */
  readonly cards: ReadonlyMap<string, string>;
  readonly token: string;
  /** What /healthz says. */
  isUp: () => boolean;
}

/** A body that moved the champion. */
export interface AliasMove {
  readonly model: string;
  readonly reason: string;
  readonly gate: { readonly comparison: unknown };
}

async function readBundle({ headers, body }: Asked) {
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": String(headers["content-type"]) },
  }).formData();
  const manifest = JSON.parse(await (form.get("manifest.json") as File).text()) as Manifest;
  const onnx = new Uint8Array(await (form.get("model.onnx") as File).arrayBuffer());
  return { manifest, onnx, card: await (form.get("card.html") as File).text() };
}

const explanation: PriceExplanation = {
  scale: "factor",
  base: { value: 1000, margin: Math.log(1000) },
  steps: [
    {
      ...{ feature: "area", title: "Area", value: 90, unit: "m2" },
      ...{ contribution: Math.log(1.25), factor: 1.25, amount: 250, running: 1250 },
    },
    {
      ...{ feature: "town", title: "Town", value: null, unit: null },
      ...{ contribution: Math.log(0.9876), factor: 0.9876, amount: -15.5, running: 1234.5 },
    },
  ],
  sentence: "Starts at 1,000 EUR.",
};

/** A server for one dataset; requests without the token are refused with 401. */
export async function startPretendApi(dataset: string): Promise<PretendApi> {
  const state = {
    items: new Map<string, Record<string, unknown>>(),
    models: new Map<string, { manifest: Manifest; onnx: Uint8Array<ArrayBuffer> }>(),
    snapshots: new Map<string, Buffer>(),
    champion: undefined as string | undefined,
    moves: [] as AliasMove[],
    cards: new Map<string, string>(),
    isUp: () => true,
    token: "pretend-token",
  };
  const base = `/v1/${dataset}`;

  function importItems({ body }: Asked): Answer {
    const lines = body.toString().trim().split("\n");
    const before = state.items.size;
    for (const line of lines) {
      const item = JSON.parse(line) as Record<string, unknown>;
      state.items.set(String(item.id), item);
    }
    const inserted = state.items.size - before;
    return { body: { inserted, updated: lines.length - inserted, rejected: [] } };
  }

  function listModels(): Answer {
    const items = [...state.models.values()].map(({ manifest }) => ({
      id: manifest.id,
      family: manifest.family,
      specHash: manifest.specHash,
      dataSha256: manifest.data.sha256,
      seed: manifest.seed,
      code: manifest.environment.code,
      trainedAt: manifest.trainedAt,
      metrics: manifest.metrics,
      aliases: manifest.id === state.champion ? ["champion"] : [],
    }));
    return { body: { items, next: null } };
  }

  const routes: Record<string, (asked: Asked) => Answer | Promise<Answer>> = {
    [`PUT /v1/datasets/${dataset}`]: () => ({ status: 201 }),
    [`GET ${base}`]: () => ({ body: { rows: state.items.size } }),
    [`POST ${base}/items/import`]: importItems,
    [`GET ${base}/items/export`]: () => ({
      body: [...state.items.values()].map((item) => `${JSON.stringify(item)}\n`).join(""),
    }),
    [`GET ${base}/models`]: listModels,
    [`POST ${base}/models`]: async (asked) => {
      const { card, ...bundle } = await readBundle(asked);
      state.models.set(bundle.manifest.id, bundle);
      state.cards.set(bundle.manifest.id, card);
      return { status: 201 };
    },
    [`GET ${base}/aliases/champion`]: () =>
      state.champion === undefined
        ? { status: 404 }
        : { headers: { etag: `"${state.champion}"` }, body: { model: state.champion } },
    [`PUT ${base}/aliases/champion`]: ({ body }) => {
      state.moves.push(JSON.parse(body.toString()));
      state.champion = state.moves.at(-1)?.model;
      return {};
    },
    [`POST ${base}/predict`]: ({ body, path: asked }) => ({
      body: {
        id: "request-1",
        prediction: 1234.5,
        unit: "EUR",
        interval: { low: 1000, high: 1500, coverage: 0.8 },
        model: { id: state.champion ?? "none", family: "linear", alias: "champion" },
        warnings: body.toString().includes("9000") ? [{ pointer: "/area", detail: "9000 is beyond" }] : [],
        ...(asked.includes("explain=true") ? { explanation } : {}),
      },
    }),
  };

  const server = await startServer((asked) => {
    if (asked.path === "/healthz") return state.isUp() ? {} : { status: 503 };
    if (asked.headers.authorization !== `Bearer ${state.token}`) {
      return { status: 401, body: { title: "Unauthorized", detail: "the token is wrong" } };
    }
    const path = asked.path.replace(/\?.*/, "");
    const route = routes[`${asked.method} ${path}`];
    if (route) return route(asked);
    const snapshot = /\/snapshots\/([0-9a-f]{64})$/.exec(path);
    if (snapshot) {
      state.snapshots.set(snapshot[1], asked.body);
      return { status: 201 };
    }
    const [, id = "", file] = /\/models\/([^/]+)(\/model\.onnx)?$/.exec(path) ?? [];
    const model = state.models.get(id);
    if (!model) return { status: 404, body: { title: "Not Found" } };
    return { body: file ? model.onnx : model.manifest };
  });
  return Object.assign(state, server);
}
