// The server's HTTP API as the trainer and the command line use it: one method an endpoint, answers checked.
import type * as z from "zod";
import { Manifest } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Access, fixedAccess } from "../../sdk/access.ts";
import { type Server, send } from "../../sdk/send.ts";
import {
  AliasAnswer,
  DatasetAnswer,
  ImportAnswer,
  ItemAnswer,
  type ItemChange,
  ItemHistoryAnswer,
  ItemsAnswer,
  type ListedModel,
  ModelsAnswer,
  PredictAnswer,
} from "./answers.ts";
import { readAnswer, unexpectedAnswer } from "./read-answer.ts";
import { parseServerUrl } from "./server-url.ts";

/** Where an alias points, with the ETag that moving it must name. */
export interface AliasState {
  readonly model: string;
  readonly etag: string;
}

const longestHistory = 10_000;

export class Client {
  readonly server: Server;

  /** `access` is a token or key, or what renews itself. Throws InputError where the URL is none. */
  constructor(url: string, access?: string | Access) {
    const known = typeof access === "object" ? access : fixedAccess(access);
    this.server = { url: parseServerUrl(url), access: known };
  }

  async registerDataset(spec: DatasetSpec): Promise<void> {
    const headers = { "content-type": "application/json" };
    await send(this.server, {
      method: "PUT",
      path: `/v1/datasets/${spec.name}`,
      headers,
      body: JSON.stringify(spec),
    });
  }

  /** What the server holds of a dataset; undefined where it knows none of that name. */
  async findDataset(dataset: string): Promise<z.infer<typeof DatasetAnswer> | undefined> {
    const response = await send(this.server, { method: "GET", path: `/v1/${dataset}`, accept: [404] });
    return response.status === 404 ? undefined : readAnswer(DatasetAnswer, response);
  }

  /** Inserts or replaces items by id, so sending the same lines twice is harmless. `ndjson` is one body. */
  async importItems(dataset: string, ndjson: string): Promise<ImportAnswer> {
    return this.importFile(dataset, ndjson, { type: "application/x-ndjson", mode: "partial" });
  }

  /** Imports a whole file; under `key` it is done once, however often it is sent. */
  async importFile(
    dataset: string,
    body: string | Blob,
    { type, mode, key }: { readonly type: string; readonly mode: string; readonly key?: string },
  ): Promise<ImportAnswer> {
    const response = await send(this.server, {
      method: "POST",
      path: `/v1/${dataset}/items/import?mode=${mode}`,
      headers: { "content-type": type, ...(key === undefined ? {} : { "idempotency-key": key }) },
      body,
      repeatable: true,
    });
    return readAnswer(ImportAnswer, response);
  }

  /** The server's current items that pass `filters`, as a stream. */
  async exportItems(
    dataset: string,
    format: "ndjson" | "csv" = "ndjson",
    filters: readonly string[] = [],
  ): Promise<AsyncIterable<Uint8Array>> {
    const headers = { accept: "application/x-ndjson, text/csv" };
    const query = new URLSearchParams({ format });
    for (const filter of filters) query.append("filter", filter);
    const path = `/v1/${dataset}/items/export?${query}`;
    const response = await send(this.server, { method: "GET", path, headers });
    if (!response.body) throw unexpectedAnswer(response, "no body");
    return response.body;
  }

  /** One page of items; `query` holds filter, sort, limit and cursor as the API takes them. */
  async listItems(dataset: string, query: URLSearchParams): Promise<z.infer<typeof ItemsAnswer>> {
    return readAnswer(
      ItemsAnswer,
      await send(this.server, { method: "GET", path: `/v1/${dataset}/items?${query}` }),
    );
  }

  async readItem(dataset: string, id: string): Promise<z.infer<typeof ItemAnswer>> {
    const path = `/v1/${dataset}/items/${encodeURIComponent(id)}`;
    return readAnswer(ItemAnswer, await send(this.server, { method: "GET", path }));
  }

  /** The latest changes of an item, newest first, of one that is deleted too. */
  async listItemChanges(dataset: string, id: string): Promise<ItemChange[]> {
    const path = `/v1/${dataset}/items/${encodeURIComponent(id)}/history?limit=200`;
    return (await readAnswer(ItemHistoryAnswer, await send(this.server, { method: "GET", path }))).items;
  }

  /** `packed` is the snapshot's CSV, gzipped. */
  async putSnapshot(dataset: string, sha256: string, packed: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { "content-type": "application/gzip" };
    await send(this.server, {
      method: "PUT",
      path: `/v1/${dataset}/snapshots/${sha256}`,
      headers,
      body: packed,
    });
  }

  /** Publishes a bundle: files by name, manifest.json among them. Content-addressed, so publishing twice is harmless. */
  async publishModel(dataset: string, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<void> {
    const body = new FormData();
    for (const [name, bytes] of files) {
      const type = name.endsWith(".json") ? "application/json" : "application/octet-stream";
      body.append(name, new Blob([bytes], { type }), name);
    }
    await send(this.server, { method: "POST", path: `/v1/${dataset}/models`, body, repeatable: true });
  }

  /** Every published model, newest first. */
  async listModels(dataset: string): Promise<ListedModel[]> {
    const models: ListedModel[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const path = `/v1/${dataset}/models${query}`;
      const response = await send(this.server, { method: "GET", path, accept: [404] });
      if (response.status === 404) return models;
      const page: z.infer<typeof ModelsAnswer> = await readAnswer(ModelsAnswer, response);
      models.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && models.length < longestHistory);
    return models;
  }

  /** The manifest of a published model. */
  async readManifest(dataset: string, id: string): Promise<Manifest> {
    const path = `/v1/${dataset}/models/${encodeURIComponent(id)}`;
    return readAnswer(Manifest, await send(this.server, { method: "GET", path }));
  }

  async downloadModel(dataset: string, id: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await send(this.server, {
      method: "GET",
      path: `/v1/${dataset}/models/${encodeURIComponent(id)}/model.onnx`,
    });
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Where the alias points; undefined where it points nowhere yet. */
  async findAlias(dataset: string, alias: string): Promise<AliasState | undefined> {
    const path = `/v1/${dataset}/aliases/${alias}`;
    const response = await send(this.server, { method: "GET", path, accept: [404] });
    if (response.status === 404) return undefined;
    const { model } = await readAnswer(AliasAnswer, response);
    const etag = response.headers.get("etag");
    if (!etag) throw unexpectedAnswer(response, "answered without an ETag");
    return { model, etag };
  }

  /** Points the alias at a model if it still stands where `from` says; false when someone else has moved it (412). */
  async moveAlias(
    dataset: string,
    alias: string,
    from: AliasState | undefined,
    to: { readonly model: string; readonly reason: string; readonly gate?: object },
  ): Promise<boolean> {
    const condition: Record<string, string> = from ? { "if-match": from.etag } : { "if-none-match": "*" };
    const response = await send(this.server, {
      method: "PUT",
      path: `/v1/${dataset}/aliases/${alias}`,
      headers: { "content-type": "application/json", ...condition },
      body: JSON.stringify(to),
      accept: [412],
    });
    return response.status !== 412;
  }

  /** The price of one row, which the server checks against the spec. */
  async predict(
    dataset: string,
    row: unknown,
    query: Readonly<Record<string, string>>,
  ): Promise<PredictAnswer> {
    const search = new URLSearchParams(query).toString();
    const response = await send(this.server, {
      method: "POST",
      path: `/v1/${dataset}/predict${search && `?${search}`}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(row),
      // Pricing changes nothing but the log.
      repeatable: true,
    });
    return readAnswer(PredictAnswer, response);
  }
}
