// An API that can be told to fail: dist/web with its headers, and answers computed from a spec and a canned model.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { PriceExplanation } from "#core/api/explanation.ts";
import { InputError } from "#core/api/problem.ts";
import { planSweep } from "#core/api/sweep.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { describePrice, outputsByRow, type PriceManifest } from "#core/bundle/price.ts";
import type { TrainingFacts } from "#core/bundle/training-facts.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { TrainingRanges } from "#core/dataset/training-range.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { cannedModel } from "./canned-model.ts";
import { pagesFolder } from "./page-build.ts";
import { headersFor, parseHeaders } from "./static-headers.ts";

const modelId = "linear-0123456789ab";
const conformal = {
  ...{ scale: "log", normalised: false, residuals: "out-of-fold" },
  coverages: [0.9],
  groups: { required: { rows: 100, widths: [0.2] } },
} as const satisfies PriceManifest["conformal"];
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export interface FakeApi {
  readonly origin: string;
  /** Path and query of every request under /v1, in order of arrival, with the rows that came along. */
  readonly requests: { readonly path: string; readonly body: string; readonly authorization?: string }[];
  /** Milliseconds before the API answers; a negative number: the connection is cut instead. */
  delayMs: number;
  /** Status that every API call answers with instead of its own; 0 for none. */
  status: number;
  /** The detail of the problem that `status` is answered with. */
  detail: string;
  published: boolean;
  close(): Promise<void>;
}

export interface FakeApiOptions {
  readonly spec: DatasetSpec;
  /** HTML by path, each page with the headers of the first page unless it stands for somebody else's. */
  readonly pages?: Readonly<Record<string, string>>;
  readonly foreign?: boolean;
  /** Headers of single pages, over those of the first page. */
  readonly headers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly ranges?: TrainingRanges;
  readonly comparables?: readonly unknown[];
  readonly training?: TrainingFacts;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const type = status < 400 ? "application/json" : "application/problem+json";
  response.writeHead(status, { "content-type": type, "access-control-allow-origin": "*" });
  response.end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Prices rows of `spec` as the Worker would, down to the shape of its answers. */
function canned({ spec, ranges = {}, comparables = [] }: FakeApiOptions) {
  const bytes = cannedModel(spec);
  const model = loadModel(bytes);
  const explain = (row: Row, prediction: number): PriceExplanation => {
    // Equal steps from the average thing: not what a model says, but of the shape it says it in.
    const base = 500;
    const factor = (prediction / base) ** (1 / spec.features.length);
    const steps = spec.features.map((feature, at) => ({
      ...{
        feature: feature.name,
        title: wordsIn(feature.title) ?? feature.name,
        value: row[feature.name] ?? null,
      },
      unit: feature.type === "number" ? (feature.unit ?? null) : null,
      ...{ contribution: Math.log(factor), factor, amount: base * factor ** at * (factor - 1) },
      running: at === spec.features.length - 1 ? prediction : base * factor ** (at + 1),
    }));
    return {
      scale: "factor",
      base: { value: base, margin: Math.log(base) },
      steps,
      sentence: "Step by step.",
    };
  };
  const predict = (row: Row, query: URLSearchParams) => {
    const [outputs] = outputsByRow(model.run(feedsOf(spec, [row]), 1), 1);
    const coverage = Number(query.get("coverage") ?? defaultCoverage);
    const { prediction, interval, warnings } = describePrice(
      spec,
      { conformal, ranges },
      row,
      outputs,
      coverage,
    )!;
    return {
      ...(query.get("explain") === "true" ? { explanation: explain(row, prediction) } : {}),
      id: crypto.randomUUID(),
      prediction,
      unit: spec.target.unit,
      interval,
      model: { id: modelId, family: "linear", alias: "champion" },
      warnings,
    };
  };
  const sweep = (body: { row: Row; vary: { feature: string; steps?: number }[] }, query: URLSearchParams) => {
    const limits = { points: 2500, defaultSteps: 25 };
    const { axes, rows } = planSweep(spec, body, ranges, limits);
    const points = rows.map((row, at) => ({ at: [axes[0].values[at]], ...predict(row, query) }));
    return { axes, points };
  };
  const spread = {
    count: 40,
    nearest: { low: 1, high: 2 },
    median: 1500,
    lowerQuartile: 900,
    upperQuartile: 2100,
  };
  const similar = () => ({ items: comparables, exact: comparables.length, spread });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const files = [{ name: "model.onnx", sha256, bytes: bytes.length }];
  return { bytes, predict, sweep, similar, manifest: { id: modelId, conformal, ranges, files } };
}

export async function startFakeApi(options: FakeApiOptions): Promise<FakeApi> {
  const { spec } = options;
  const { bytes, predict, sweep, similar, manifest } = canned(options);
  const rules = parseHeaders(await readFile(join(pagesFolder, "_headers"), "utf8"));
  const root = `/v1/${spec.name}`;

  async function answerApi(url: URL, body: string, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = url;
    if (path === root) {
      const champion = api.published ? { id: modelId } : null;
      const { training = null } = options;
      return json(response, 200, { name: spec.name, title: spec.title, spec, champion, training });
    }
    if (path === `${root}/models/${modelId}`) return json(response, 200, manifest);
    if (path === `${root}/models/${modelId}/model.onnx`) {
      const open = { "access-control-allow-origin": "*" };
      response.writeHead(200, { "content-type": "application/octet-stream", ...open }).end(bytes);
      return;
    }
    const posts = ["predict", "similar", "sweep"].map((name) => `${root}/${name}`);
    if (!posts.includes(path)) {
      return json(response, 404, { title: "Not Found", detail: `nothing at ${path}` });
    }
    try {
      if (path.endsWith("sweep")) return json(response, 200, sweep(JSON.parse(body), searchParams));
      const row = checkRow(spec, JSON.parse(body));
      json(response, 200, path.endsWith("similar") ? similar() : predict(row, searchParams));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      json(response, 422, { title: "Unprocessable Content", detail: error.message, errors: error.errors });
    }
  }

  async function answerFile(path: string, response: ServerResponse): Promise<void> {
    const page = options.pages?.[path];
    if (page !== undefined) {
      const headers = options.foreign ? {} : headersFor(rules, "/");
      response.writeHead(200, {
        "content-type": contentTypes[".html"],
        ...headers,
        ...options.headers?.[path],
      });
      response.end(page);
      return;
    }
    const file = normalize(path.endsWith("/") ? `${path}index.html` : path);
    const content = await readFile(join(pagesFolder, file)).catch(() => undefined);
    const type = contentTypes[extname(file)] ?? "application/octet-stream";
    response.writeHead(content ? 200 : 404, { "content-type": type, ...headersFor(rules, path) });
    response.end(content ?? "");
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.startsWith("/v1/")) return answerFile(url.pathname, response);
    if (request.method === "OPTIONS") {
      const allowed = {
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "content-type, authorization",
      };
      response.writeHead(204, allowed).end();
      return;
    }
    const body = await bodyOf(request);
    const { authorization } = request.headers;
    api.requests.push({ path: `${url.pathname}${url.search}`, body, authorization });
    if (api.delayMs < 0) return response.destroy();
    await new Promise((resume) => setTimeout(resume, api.delayMs));
    if (api.status > 0) return json(response, api.status, { title: "Told to fail", detail: api.detail });
    await answerApi(url, body, response);
  });
  await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume));
  const { port } = server.address() as AddressInfo;
  const api: FakeApi = {
    origin: `http://127.0.0.1:${port}`,
    requests: [],
    delayMs: 0,
    status: 0,
    detail: "told to fail",
    published: true,
    close: () =>
      new Promise((resume) => {
        server.close(() => resume());
        server.closeAllConnections();
      }),
  };
  return api;
}
