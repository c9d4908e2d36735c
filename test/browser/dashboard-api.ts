// The API behind the dashboard in tests: answers made of a few models, moves and requests, which a test may replace or refuse one by one.
import type { Page, Route } from "playwright-core";
import { gems } from "./gems-spec.ts";

export const champion = "linear-0123456789ab";
export const rival = "boosting-ba9876543210";
export const dataset = gems.name;
export const goodPassword = "a good long password";

const day = (at: number, hour = 10) => `2026-11-${String(at).padStart(2, "0")}T${hour}:00:00.000Z`;

const metricsOf = (meanAbsoluteError: number) => ({
  ...{ rows: 900, meanAbsoluteError, rootMeanSquaredError: meanAbsoluteError * 2 },
  ...{ meanAbsolutePercentageError: 0.061, r2Score: 0.9835 },
});

const modelOf = (id: string, error: number, publishedAt: string, aliases: readonly string[]) => ({
  ...{ id, family: id.split("-")[0], title: `model ${id}`, params: {}, specHash: "s", dataSha256: "d" },
  ...{ seed: 1, code: "1", trainedAt: publishedAt, publishedAt, aliases, everLive: aliases.length > 0 },
  metrics: { heldOut: metricsOf(error), crossValidated: null },
});

const models = [
  modelOf(rival, 260.2, day(20), []),
  modelOf(champion, 288, day(18), ["champion"]),
  modelOf("mean-000000000000", 2797, day(17), []),
];

const rowOf = (at: number) => ({ weight: 0.5 + at * 0.1, grade: at % 2 ? "A" : "B", origin: "Mine 1" });

const manifestOf = (id: string) => ({
  ...{ id, family: id.split("-")[0], title: `model ${id}` },
  data: { rows: 1000, trainRows: 800, testRows: 200 },
  metrics: {
    ...{ heldOut: metricsOf(288), crossValidated: null, segments: [] },
    intervals: [
      { given: "as they are", rows: 200, coverage: 0.9, within: 0.908, meanWidth: 1, intervalScore: 1 },
    ],
  },
  ranges: { weight: { minimum: 0.2, maximum: 2 } },
  probes: Array.from({ length: 20 }, (_, at) => ({ row: rowOf(at), prediction: 1000 + at * 90 })),
});

const moveOf = (revision: number, model: string, previous: string | null, kind: string, reason: string) => ({
  ...{ revision, model, previous, kind, reason, restores: kind === "rollback" ? 1 : null },
  ...{ actor: "ada", request: "r", time: day(17 + revision), gate: null },
});

const moves = [
  moveOf(3, champion, rival, "rollback", "too far off"),
  {
    ...moveOf(2, rival, champion, "move", "surely better"),
    gate: {
      ...{ metric: "meanAbsoluteError", rows: 900, challenger: { value: 260.2 }, champion: { value: 288 } },
      comparison: { difference: -27.8, interval: { low: -40, high: -15, confidence: 0.95 } },
    },
  },
  moveOf(1, champion, null, "move", "the first"),
];

export const prediction = {
  ...{ id: "q-0", prediction: 1234.5678901234, unit: "EUR", missing: [], warnings: [] },
  interval: { low: 1000.25, high: 1500.75, coverage: 0.9 },
  model: { id: champion, family: "linear", alias: "champion" },
};

const outcomeOf = (at: number) => ({
  ...{ actual: 1100 + at * 10, prediction: 1234.57, error: 134.57 - at * 10, covered: at > 3 },
  ...{ actor: "ada", time: day(21) },
});

const requestOf = (at: number) => ({
  ...{ id: `q-${at}`, time: new Date(Date.parse(day(20)) + at * 60_000).toISOString(), method: "POST" },
  ...{
    route: "/v1/{dataset}/predict",
    path: `/v1/${dataset}/predict`,
    dataset,
    latencyMs: 3 + at,
    client: "c",
  },
  ...{ status: at % 9 === 8 ? 422 : 200, modelId: champion, requestBody: JSON.stringify(rowOf(at)) },
  responseBody: JSON.stringify({ ...prediction, id: `q-${at}`, prediction: prediction.prediction + at }),
  outcome: at % 3 === 0 ? outcomeOf(at) : null,
});

const requests = Array.from({ length: 30 }, (_, at) => requestOf(29 - at));

const outcomeMetrics = {
  ...{ count: 10, meanAbsoluteError: 88.2, rootMeanSquaredError: 120, meanAbsolutePercentageError: 0.05 },
  ...{ meanError: 12.5, covered: 0.8 },
};

export const jobOf = (state: string, id = "job-1") => ({
  ...{ id, kind: "train", dataset, params: {}, state, attempt: 1, attempts: 3, worker: "w", actor: "ada" },
  ...{ cancelRequested: false, progress: null, error: null, createdAt: day(21), startedAt: day(21, 11) },
  ...{ result: state === "succeeded" ? { champion: rival } : null, updatedAt: day(21, 11) },
  finishedAt: state === "succeeded" ? day(21, 12) : null,
});

const side = (id: string) => ({ id, family: "linear", title: id, trainedAt: day(18) });
const same = <T>(value: T) => ({ same: true, a: value, b: value });

const comparison = {
  ...{ a: side(champion), b: side(rival) },
  metrics: [{ metric: "heldOut.meanAbsoluteError", a: 288, b: 260.2, difference: -27.8 }],
  gate: {
    ...{ comparable: true, promote: true, rows: 900, difference: -27.8, resamples: 2000 },
    meanAbsoluteError: { champion: 288, challenger: 260.2 },
    interval: { low: -40, high: -15, confidence: 0.95 },
  },
  segments: [{ feature: "grade", level: "A", rows: { a: 300, b: 300 }, a: 310, b: 250, difference: -60 }],
  params: [{ name: "depth", a: null, b: 6 }],
  ...{
    seed: same(1),
    spec: same("s"),
    data: same({ sha256: "d", rows: 1000, trainRows: 800, testRows: 200 }),
  },
  code: same({ code: "1", node: "24", platform: "linux" }),
};

const shadow = {
  ...{ champion, challenger: rival, count: 40, faults: { "not-loaded": 1 }, from: day(19), to: day(20) },
  differences: Object.fromEntries(
    [
      ["difference", 100],
      ["relative", 0.1],
    ].map(([name, size]) => [
      name,
      {
        ...{ mean: Number(size) / 5, meanAbsolute: Number(size) / 2 },
        quantiles: { p05: -size, p25: -Number(size) / 4, p50: 0, p75: Number(size) / 3, p95: size },
      },
    ]),
  ),
  worst: [{ request: "q-1", champion: 1000, challenger: 1300, difference: 300, relative: 0.3 }],
};

const metricsText = [
  'appraise_requests_total{method="GET",route="/v1/{dataset}",status="200"} 12',
  "appraise_log_queued_total 12",
  "appraise_log_lost_total 2",
].join("\n");

type Answer = unknown | ((route: Route) => unknown);

const pageOf = (items: readonly unknown[]) => ({ items, next: null });
const root = `/v1/${dataset}`;

/** By method and path; what needs no token stands in `open`. */
const answers: Readonly<Record<string, Answer>> = {
  "GET /v1/datasets": pageOf([
    { name: dataset, title: gems.title, version: 1, specHash: "s", public: true, champion },
  ]),
  [`GET ${root}`]: { name: dataset, spec: gems, public: true },
  [`GET ${root}/models`]: pageOf(models),
  [`GET ${root}/models/${champion}`]: manifestOf(champion),
  [`GET ${root}/models/${rival}`]: manifestOf(rival),
  [`GET ${root}/aliases`]: pageOf([
    { alias: "champion", model: champion, revision: 3, updatedAt: day(20) },
    { alias: "challenger", model: rival, revision: 1, updatedAt: day(20) },
  ]),
  [`GET ${root}/aliases/champion`]: { alias: "champion", model: champion, revision: 3, updatedAt: day(20) },
  "GET /readyz": { ready: true, datasets: [{ name: dataset, ready: true, detail: `priced by ${champion}` }] },
  "GET /metrics": (route: Route) => route.fulfill({ body: metricsText, contentType: "text/plain" }),
  "POST /v1/oauth/token": (route: Route) => {
    const form = new URLSearchParams(route.request().postData() ?? "");
    const isKnown = form.get("password") === goodPassword || form.get("grant_type") === "refresh_token";
    if (!isKnown) return refuse(route, 401, "the name or the password is wrong");
    return route.fulfill({ json: tokenOf(form.get("grant_type") === "refresh_token" ? "renewed" : "first") });
  },
  "POST /v1/oauth/revoke": {},
};

const guarded: Readonly<Record<string, Answer>> = {
  [`GET ${root}/aliases/champion/history`]: pageOf(moves),
  [`GET ${root}/compare`]: comparison,
  [`GET ${root}/shadow`]: shadow,
  "GET /v1/jobs": pageOf([jobOf("succeeded")]),
  "GET /v1/requests": {
    ...pageOf(requests),
    outcomes: { ...outcomeMetrics, models: [{ model: champion, ...outcomeMetrics }] },
  },
  "GET /v1/requests/q-0": requestOf(0),
  "POST /v1/requests/replay": { replayed: 3, unreadable: 0, next: null },
};

export const tokenOf = (name: string) => ({
  ...{ access_token: name, token_type: "Bearer", expires_in: 1800, refresh_token: `rt_${name}` },
  scope: "models:read requests:read",
});

export function refuse(route: Route, status: number, detail: string, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ title: "Refused", status, detail });
  return route.fulfill({ status, body, headers: { "content-type": "application/problem+json", ...headers } });
}

/** 401 or 403 as the Worker words them. */
export function refuseScope(route: Route, status: 401 | 403, scope: string) {
  const detail =
    status === 401 ? `this needs a token with the scope ${scope}` : `the token lacks the scope ${scope}`;
  return refuse(route, status, detail, { "www-authenticate": `Bearer realm="appraise", scope="${scope}"` });
}

export interface Asked {
  readonly call: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Answers what `page` asks of the API from above, `own` first, and notes everything asked, in order. */
export async function answerDashboard(
  page: Page,
  own: Readonly<Record<string, Answer>> = {},
  asked: Asked[] = [],
): Promise<void> {
  const isApi = ({ pathname }: URL) => /^\/(v1\/|readyz|metrics)/.test(pathname);
  await page.route(isApi, async (route) => {
    const request = route.request();
    const call = `${request.method()} ${new URL(request.url()).pathname}`;
    const headers = request.headers();
    asked.push({ call, headers, body: request.postData() });
    const isKnown = headers.authorization !== undefined;
    if (!(call in own) && call in guarded && !isKnown) return refuseScope(route, 401, "models:read");
    const answer = own[call] ?? answers[call] ?? guarded[call];
    if (answer === undefined) return refuse(route, 404, `nothing at ${call}`);
    await (typeof answer === "function" ? answer(route) : route.fulfill({ json: answer }));
  });
}
