// Requests for one operation of the API: paths, queries, headers, tokens and bodies, from valid to hostile.
import fc from "fast-check";
import type { ApiDocument, Operation, Parameter } from "./api-document.ts";
import { hostileTexts, nearly, SchemaValues } from "./schema-values.ts";

export interface FuzzRequest {
  readonly method: string;
  /** Path and query, as they go over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The name of a token; "none" sends none. */
  readonly token: string;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** What the server under test holds. */
export interface Known {
  /** Ids by the path that names one, as OpenAPI writes it. */
  readonly ids: (path: string) => readonly string[];
  /** Texts that mean something, by the name of the field or parameter. */
  readonly samples: Readonly<Record<string, readonly string[]>>;
  /** Bodies that would be taken, by operationId. */
  readonly bodies: Readonly<Record<string, readonly object[]>>;
  readonly tokens: readonly string[];
  /** The files of a bundle that would be taken. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  /** Rows that would be taken. */
  readonly texts: Readonly<Record<"text/csv" | "application/x-ndjson", string>>;
}

type Body = { readonly type: string; readonly body: string | Uint8Array<ArrayBuffer> };
const bytesOf = (text: string) => new TextEncoder().encode(text);

const malformed: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  "",
  "{",
  "NaN",
  "[1e999]",
  '{"a":1,"a":2}',
  `${"[".repeat(3000)}`,
  `${'{"a":'.repeat(50)}1${"}".repeat(50)}`,
  "\ufeff{}",
  "null",
  "a,b\n1,2,3\n",
  '"unclosed,\n',
  "id,carat\n\u0000,1\n",
  new Uint8Array([0xff, 0xfe, 0x00, 0x7b]),
  new Uint8Array([0x1f, 0x8b, 0x08, 0x00]),
];

/** Percent-encoded as a careful client does; lone surrogates become what UTF-8 can hold. */
const encoded = (text: string) => encodeURIComponent(new TextDecoder().decode(bytesOf(text)));

/** A value in a path or a query: mostly encoded, at times as it stands. */
function inUrl(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const texts = value.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  const raw = fc.constantFrom("%", "%ff", "%00", "..", ".", "%2e%2e%2f", "+", "a=b&c", "💎", "\\");
  return fc.oneof({ weight: 14, arbitrary: texts.map(encoded) }, { weight: 1, arbitrary: raw });
}

function pathOf({ path }: Operation, known: Known): fc.Arbitrary<string> {
  const segments = path.split("/").map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) return fc.constant(segment);
    const samples = name === "dataset" ? (known.samples.dataset ?? []) : known.ids(path);
    const kept = fc.constantFrom(...samples).map(encoded);
    return fc.oneof(
      { weight: 24, arbitrary: kept },
      { weight: 1, arbitrary: inUrl(fc.constantFrom(...hostileTexts)) },
      { weight: 1, arbitrary: inUrl(fc.string({ unit: "binary", minLength: 1, maxLength: 30 })) },
    );
  });
  return fc.tuple(...segments).map((parts) => parts.join("/"));
}

function queryOf(parameters: readonly Parameter[], values: SchemaValues): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((one) => one.in === "query")
    .map(({ name, schema }) => {
      const one = inUrl(values.valueOf(schema.type === "array" ? (schema.items ?? {}) : schema, name));
      return fc
        .array(one, { minLength: 1, maxLength: schema.type === "array" ? 3 : 1 })
        .map((all) => all.map((value) => `${name}=${value}`));
    });
  const twice = pairs.map((pair) => fc.tuple(pair, pair).map((both) => both.flat()));
  const unknown = fc
    .constantFrom("limit=1", "x=1", "__proto__=1", "model[]=1", "&&=", "cursor=e30")
    .map((one) => [one]);
  const none = fc.constant<string[]>([]);
  const each = pairs.map((pair) => fc.oneof({ weight: 3, arbitrary: none }, { weight: 1, arbitrary: pair }));
  const rare = fc.oneof(unknown, ...twice);
  return fc
    .tuple(fc.tuple(...each), fc.integer({ min: 0, max: 9 }), rare)
    .map(([chosen, chance, more]) => [...chosen.flat(), ...(chance === 0 ? more : [])].join("&"))
    .map((text) => (text === "" ? "" : `?${text}`));
}

const headerTexts: Readonly<Record<string, readonly string[]>> = {
  "if-match": ["*", '"1"', '"2"', 'W/"1"', '""', '"1", "2"', "1", '"99999999999999999999"', '"\'"'],
  "if-none-match": ["*", '"1"', "x"],
  "idempotency-key": ["k1", "k2", "", "x".repeat(300), "../k"],
  "x-job-lease": ["", "x", `nosuch:${"0".repeat(64)}`, "x".repeat(300), "a:b:c"],
  "last-event-id": ["0", "-1", "x", "99999999999999999999"],
};
const commonHeaders: Readonly<Record<string, readonly string[]>> = {
  accept: ["*/*", "text/csv", "application/json;q=0", "application/x-ndjson", ",;q=", "x"],
  origin: ["https://shop.example", "null", "x"],
  "accept-encoding": ["gzip", "x"],
  "x-request-id": ["../x", "1"],
  "x-forwarded-for": ["127.0.0.1", "x"],
  range: ["bytes=0-10", "bytes=-1"],
  "inference-header-content-length": ["1", "-1", "99999999999", "x"],
};

function headersOf(parameters: readonly Parameter[]): fc.Arbitrary<FuzzRequest["headers"]> {
  const own = parameters
    .filter((one) => one.in === "header")
    .map(({ name }) => [name, headerTexts[name]] as const);
  const fields = Object.fromEntries(own.map(([name, texts]) => [name, fc.constantFrom(...texts)]));
  const others = Object.fromEntries(
    Object.entries(commonHeaders).map(([name, texts]) => [name, fc.constantFrom(...texts)]),
  );
  const rare = fc.record(others, { requiredKeys: [] });
  return fc
    .tuple(fc.record(fields, { requiredKeys: [] }), rare, fc.integer({ min: 0, max: 4 }))
    .map(([mine, more, chance]) => ({ ...(chance === 0 ? more : {}), ...mine }));
}

const boundary = "fuzzed-boundary";
const multipartType = `multipart/form-data; boundary=${boundary}`;

function formData(parts: Known["parts"], names: readonly string[]): Uint8Array<ArrayBuffer> {
  const chunks = names.flatMap((name) => {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n`;
    return [...bytesOf(head), ...parts[name], ...bytesOf("\r\n")];
  });
  return new Uint8Array([...chunks, ...bytesOf(`--${boundary}--\r\n`)]);
}

/** A form with some of a bundle's files, one of them perhaps spoilt. */
function multipart({ parts }: Known): fc.Arbitrary<Body> {
  const spoil = fc.option(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { freq: 3 });
  const chosen = fc.subarray(Object.keys(parts), { minLength: 1 });
  return fc.tuple(chosen, spoil).map(([names, spoilt]) => {
    const [at, byte] = spoilt ?? [0, 0];
    const victim = names[at % names.length];
    const file = parts[victim].slice();
    if (spoilt) file[at % file.length] = byte;
    return { type: multipartType, body: formData({ ...parts, [victim]: file }, names) };
  });
}

const cell = fc.oneof(
  fc.constantFrom("1", "0.5", "Ideal", "G", "VS1", "", '"a""b"'),
  fc.constantFrom(...hostileTexts),
);

function textOf(type: string, lines: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  if (type === "application/x-ndjson")
    return fc.array(lines, { maxLength: 5 }).map((all) => all.map((one) => JSON.stringify(one)).join("\n"));
  const header = fc.constantFrom(
    "carat,cut,color,clarity",
    "id,carat,cut,color,clarity,price",
    "carat,carat",
    "x",
  );
  const record = fc.array(cell, { minLength: 1, maxLength: 6 }).map((cells) => cells.join(","));
  return fc
    .tuple(header, fc.array(record, { maxLength: 5 }))
    .map(([head, records]) => [head, ...records].join("\n"));
}

function formOf(value: unknown): string {
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return fields.map(([name, one]) => `${encoded(name)}=${encoded(String(one))}`).join("&");
}

function bodyOf(
  { operationId, body: content }: Operation,
  values: SchemaValues,
  known: Known,
): fc.Arbitrary<Body | null> {
  if (!content) return fc.constant(null);
  const right = Object.entries(content).map(([type, { schema = {} }]): fc.Arbitrary<Body> => {
    if (type === "multipart/form-data") return multipart(known);
    if (type === "application/gzip") return fc.constant({ type, body: known.gzip });
    if (type === "text/csv" || type === "application/x-ndjson")
      return textOf(type, values.valueOf({ $ref: "#/components/schemas/Row" })).map((body) => ({
        type,
        body,
      }));
    if (type === "application/octet-stream")
      return fc.uint8Array({ maxLength: 200 }).map((body) => ({ type, body: new Uint8Array(body) }));
    const write = type === "application/x-www-form-urlencoded" ? formOf : JSON.stringify;
    const good = known.bodies[operationId];
    const made = values.valueOf(schema);
    const value = good ? fc.oneof({ weight: 2, arbitrary: nearly(good) }, made) : made;
    return value.map((one) => ({ type, body: write(one) }));
  });
  const types = fc.constantFrom(...Object.keys(content));
  const broken = fc.tuple(types, fc.constantFrom(...malformed)).map(([type, body]) => ({ type, body }));
  const wrongType = fc
    .tuple(
      fc.constantFrom(
        "text/plain",
        "application/json; charset=utf-16",
        "multipart/form-data",
        "x",
        "a/b;".repeat(99),
      ),
      fc.oneof(...right),
    )
    .map(([type, { body }]) => ({ type, body }));
  return fc.oneof(
    { weight: 20, arbitrary: fc.oneof(...right) },
    { weight: 2, arbitrary: broken },
    { weight: 1, arbitrary: wrongType },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

/** One request that has to be taken: the first of everything that is known to be good. */
export function plainRequest(operation: Operation, known: Known): FuzzRequest {
  const { operationId, method, path, parameters, body: content } = operation;
  const first = (name: string) => (name === "dataset" ? known.samples.dataset : known.ids(path))?.[0] ?? "x";
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(first(name)));
  const required = parameters.filter((one) => one.in === "query" && (one.required || one.name === "reason"));
  const query = required.map(({ name }) => `${name}=${encoded(known.samples[name]?.[0] ?? "x")}`).join("&");
  const isWrite = method !== "GET" && parameters.some(({ name }) => name === "if-match");
  const headers: Record<string, string> = isWrite ? { "if-match": "*" } : {};
  const [type] = Object.keys(content ?? {});
  if (type) headers["content-type"] = type;
  const written = type === "application/x-www-form-urlencoded" ? formOf : JSON.stringify;
  let body: FuzzRequest["body"] = type ? written(known.bodies[operationId]?.[0] ?? {}) : null;
  if (type === "text/csv" || type === "application/x-ndjson") body = known.texts[type];
  if (type === "multipart/form-data") {
    headers["content-type"] = multipartType;
    body = formData(known.parts, Object.keys(known.parts));
  }
  return { method, target: query ? `${target}?${query}` : target, headers, token: known.tokens[0], body };
}

/** Requests for `operation` of a server that holds what is `known`. */
export function requestsOf(
  document: ApiDocument,
  operation: Operation,
  known: Known,
): fc.Arbitrary<FuzzRequest> {
  const values = new SchemaValues(document, known.samples);
  const { method, parameters } = operation;
  const [strongest, ...others] = known.tokens;
  const token = fc.oneof(
    { weight: 14, arbitrary: fc.constant(strongest) },
    { weight: 3, arbitrary: fc.constantFrom("none", ...others) },
  );
  const target = fc.tuple(pathOf(operation, known), queryOf(parameters, values)).map((both) => both.join(""));
  return fc
    .record({ target, token, headers: headersOf(parameters), sent: bodyOf(operation, values, known) })
    .map(({ sent, headers, ...rest }) => ({
      ...{ method, ...rest },
      headers: sent ? { ...headers, "content-type": sent.type } : headers,
      body: sent?.body ?? null,
    }));
}
