// The bodies that make, replace and patch items: checked against the spec field by field; what the server sets is refused by name.
import * as z from "zod";
import { checkRow, type Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { findTargetFault } from "../dataset/target.ts";
import { type FieldError, InputError, quoted, toPointer } from "./problem.ts";

/** Item ids that are fixed paths of the API, or that a URL cannot hold as a segment. */
const unusable: ReadonlySet<string> = new Set([".", "..", "import", "export"]);

const idRule =
  "a text of 1 to 200 characters without control characters or blanks at its ends, and none of " +
  `${[...unusable].join(", ")}`;

export const ItemId = z.string().refine(
  (id) =>
    id.length >= 1 &&
    id.length <= 200 &&
    id === id.trim() &&
    // Half a surrogate pair is no text: the database would store another one.
    !/[\p{Cc}\p{Cs}]/u.test(id) &&
    !unusable.has(id),
  { error: `expected ${idRule}` },
);

/** What a caller says of an item. */
export interface ItemContent {
  readonly row: Row;
  /** Null where it is not known. */
  readonly target: number | null;
}

export interface NewItem extends ItemContent {
  readonly id: string;
}

/** The parts of an item as its JSON has them. */
const content = ["features", "target"] as const;
const serverFields = ["revision", "createdAt", "updatedAt", "deletedAt", "dataset", "actor", "request"];

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Runs a check and gathers its faults under `prefix`; undefined where it failed. */
function attempt<T>(errors: FieldError[], prefix: string, check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    errors.push(...error.errors.map(({ pointer, detail }) => ({ pointer: prefix + pointer, detail })));
    return undefined;
  }
}

function unknownFields(body: Fields, allowed: readonly string[]): FieldError[] {
  return Object.keys(body)
    .filter((name) => !allowed.includes(name))
    .slice(0, 20)
    .map((name) => {
      const pointer = toPointer([name.slice(0, 64)]);
      if (serverFields.includes(name)) return { pointer, detail: "the server sets it; leave it out" };
      if (name === "id") return { pointer, detail: "the path names the item; leave it out" };
      return { pointer, detail: `unknown field; expected only ${allowed.join(", ")}` };
    });
}

function checkFields(spec: DatasetSpec, body: Fields, allowed: readonly string[]): ItemContent {
  const errors = unknownFields(body, allowed);
  const row = attempt(errors, "/features", () => checkRow(spec, body.features));
  const target = body.target ?? null;
  const fault = target === null ? undefined : findTargetFault(spec, target, "/target");
  if (fault) errors.push(fault);
  if (errors.length > 0 || !row) throw new InputError(errors);
  return { row, target: target as number | null };
}

function checkObject(body: unknown): Fields {
  if (isObject(body)) return body;
  throw new InputError(`expected an object with ${content.join(" and ")}; got ${quoted(body)}`);
}

/** The body that replaces an item: `{"features": {...}, "target": 1}`; a target that is left out is not known. */
export function checkItemContent(spec: DatasetSpec, body: unknown): ItemContent {
  return checkFields(spec, checkObject(body), content);
}

/** The body that makes an item; an id that is left out is the server's to choose. */
export function checkNewItem(
  spec: DatasetSpec,
  body: unknown,
): ItemContent & { readonly id: string | undefined } {
  const fields = checkObject(body);
  const errors: FieldError[] = [];
  const checked = attempt(errors, "", () => checkFields(spec, fields, ["id", ...content]));
  const id = fields.id === undefined ? undefined : attempt(errors, "", () => checkItemId(fields.id));
  if (errors.length > 0 || !checked) throw new InputError(errors);
  return { id, ...checked };
}

function checkItemId(value: unknown): string {
  const id = ItemId.safeParse(value);
  if (id.success) return id.data;
  throw new InputError([{ pointer: "/id", detail: `expected ${idRule}; got ${quoted(value)}` }]);
}

/**
 * An item after a JSON merge patch (RFC 7396): features that the patch names are set, or taken away where it says null; the target
 * likewise. The whole must be valid afterwards.
 */
export function mergeItem(spec: DatasetSpec, present: ItemContent, patch: unknown): ItemContent {
  const fields = checkObject(patch);
  const before: Fields = present.row;
  const { features, ...others } = fields;
  const isMergeable = isObject(features) || features === undefined;
  const merged = isMergeable ? withoutNulls({ ...before, ...features }) : features;
  const target = Object.hasOwn(fields, "target") ? fields.target : present.target;
  return checkFields(spec, { ...others, features: merged, target }, content);
}

function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** A record of an import, features and target side by side: `{"id": "a", "carat": 1, ..., "price": 4000}`. */
export function checkItemRecord(spec: DatasetSpec, value: unknown): NewItem {
  const { name } = spec.target;
  const errors: FieldError[] = [];
  const row = attempt(errors, "", () => checkRow(spec, value, ["id", name]));
  if (!isObject(value)) throw new InputError(errors);
  const target = (Object.hasOwn(value, name) ? value[name] : null) ?? null;
  const fault = target === null ? undefined : findTargetFault(spec, target, toPointer([name]));
  if (fault) errors.push(fault);
  const id = attempt(errors, "", () => checkItemId(Object.hasOwn(value, "id") ? value.id : undefined));
  if (errors.length > 0 || !row || id === undefined) throw new InputError(errors);
  return { id, row, target: target as number | null };
}
