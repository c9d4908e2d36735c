// The API's description as a fuzzer uses it: operations by name, and what an answer must be to agree with it.
import * as z from "zod";
import { matchRule } from "../../../worker/identity/access.ts";

/** JSON Schema as far as values are made from it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly format?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Content | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What of an answer is checked; `text` is undefined for a stream that was not read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string | undefined;
}

const essence = (type: string) => type.split(";")[0].trim();

export class ApiDocument {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly #checks = new Map<string, z.ZodType>();

  constructor(document: Document) {
    this.schemas = document.components.schemas;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => {
        const operation = described as Partial<Operation> & { requestBody?: { content: Content } };
        return {
          ...(operation as Operation),
          ...{ method: method.toUpperCase(), path, parameters: operation.parameters ?? [] },
          body: operation.requestBody?.content,
        };
      }),
    );
  }

  resolve(schema: Schema): Schema {
    return schema.$ref ? this.schemas[schema.$ref.split("/")[3]] : schema;
  }

  /** What is wrong with an answer to this request; empty where it is what the document says. */
  faultsOf(method: string, pathname: string, answer: Answer): string[] {
    const { rule } = matchRule(method, pathname);
    const { status, headers, text } = answer;
    const type = essence(headers.get("content-type") ?? "");
    const isProblem = status >= 400;
    const faults: string[] = [];
    if (status >= 500 && status !== 503) faults.push(`${status} is a failure of the server`);
    if (!headers.get("x-request-id")) faults.push("X-Request-Id is missing");
    if (isProblem && type !== "application/problem+json") faults.push(`a problem as ${type || "nothing"}`);
    if (isProblem) faults.push(...this.#mismatches({ $ref: "#/components/schemas/Problem" }, text));
    if (isProblem && text !== undefined && (JSON.parse(text) as { status: number }).status !== status)
      faults.push("the problem tells another status");
    const operation = this.operations.find((one) => one.method === rule?.method && one.path === rule.path);
    if (!operation) {
      const expected = rule ? [200, 401] : [204, 404, 405];
      if (!expected.includes(status)) faults.push(`${status} where nothing is described`);
      return faults;
    }
    const response = operation.responses[status];
    if (!response) return [...faults, `${operation.operationId} does not describe ${status}`];
    if (isProblem) return faults;
    const content = Object.entries(response.content ?? {});
    const described = content.find(([name]) => essence(name) === type);
    if (content.length === 0 && text) faults.push(`${status} has a body that is not described`);
    if (content.length > 0 && !described) faults.push(`${status} as ${type}, which is not described`);
    if (type === "application/json" && described?.[1].schema)
      faults.push(...this.#mismatches(described[1].schema, text));
    return faults;
  }

  /** Where a JSON text breaks a schema of this document. */
  #mismatches(schema: Schema, text: string | undefined): string[] {
    if (text === undefined) return [];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [`not JSON: ${text.slice(0, 200)}`];
    }
    const { success, error } = this.#check(schema).safeParse(value);
    return success ? [] : error.issues.map(({ path, message }) => `/${path.join("/")}: ${message}`);
  }

  #check(schema: Schema): z.ZodType {
    const local = (value: unknown) => JSON.stringify(value).replaceAll("#/components/schemas/", "#/$defs/");
    const key = local(schema);
    const known = this.#checks.get(key);
    if (known) return known;
    const schemas = { ...JSON.parse(key), $defs: JSON.parse(local(this.schemas)) };
    const made = z.fromJSONSchema(schemas as Parameters<typeof z.fromJSONSchema>[0]);
    this.#checks.set(key, made);
    return made;
  }
}
