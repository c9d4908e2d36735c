// Who may import whom: the table of docs/architecture.md, held against every import in the tree.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { parseAst } from "vite";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

interface Layer {
  /** Folders and files this layer may import, beside itself. */
  readonly inner: readonly string[];
  /** Packages, as prefixes of the specifier; "*" allows any. */
  readonly packages: readonly string[];
}

// The most specific folder wins. A layer may always import itself unless `inner` says "!self".
const layers: Readonly<Record<string, Layer>> = {
  core: { inner: [], packages: ["zod"] },
  "trainer/effects": { inner: ["core", "trainer/random.ts"], packages: [] },
  "trainer/families": { inner: ["core", "trainer/random.ts", "trainer/effects"], packages: ["zod", "ml-"] },
  "trainer/families/boosting": {
    inner: ["core", "trainer/random.ts", "trainer/effects", "trainer/families/family.ts"],
    packages: ["zod", "node:"],
  },
  sdk: { inner: ["core"], packages: ["openapi-fetch"] },
  trainer: { inner: ["core", "sdk"], packages: ["*"] },
  // A noun's routes ask for what they need by function calls: SQL and object keys stay with its store.
  "worker/*/routes": { inner: ["core", "worker"], packages: ["hono", "@hono/", "zod"] },
  "worker/*/store": {
    inner: ["core", "worker/env.ts", "worker/storage", "worker/*/index"],
    packages: ["drizzle-orm", "zod"],
  },
  "worker/storage": { inner: ["core", "worker/env.ts"], packages: ["drizzle-orm", "zod"] },
  worker: { inner: ["core"], packages: ["hono", "@hono/", "zod", "cloudflare:"] },
  web: {
    inner: ["core", "sdk"],
    packages: ["lit", "onnxruntime-web", "swagger-ui-dist", "@observablehq/plot", "vite", "node:"],
  },
};

// Only stores may know SQL: what of the drizzle package and of the bindings is out of every other layer's reach.
const forbidden: Readonly<Record<string, RegExp>> = {
  "worker/*/routes": /drizzle|\benv\.(DB|BUCKET|REQUEST_LOG|BATCH_JOBS)\b/,
  worker: /drizzle/,
};

function sources(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return (
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
      .filter(
        (name) =>
          /\.(ts|mts|js|mjs)$/.test(name) &&
          !name.endsWith(".d.ts") &&
          !name.includes("/generated/") &&
          !name.includes(".venv/"),
      )
      // Compiled by AssemblyScript, not TypeScript: they import nothing.
      .filter((name) => !name.includes("/kernels/assembly/"))
  );
}

interface Import {
  readonly specifier: string;
  readonly how: "static" | "side effect" | "dynamic" | "type";
}

/** Every way a module can name another: import, export from, import(), import type, and `import("x").T`. */
function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const { type, source, specifiers } = node as {
      type?: string;
      source?: { value?: unknown };
      specifiers?: unknown[];
    };
    const isImport =
      type === "ImportDeclaration" || type === "ExportNamedDeclaration" || type === "ExportAllDeclaration";
    if (isImport && typeof source?.value === "string") {
      const bare = type === "ImportDeclaration" && specifiers?.length === 0;
      found.push({ specifier: source.value, how: bare ? "side effect" : "static" });
    }
    if (type === "ImportExpression") {
      found.push({
        specifier: typeof source?.value === "string" ? source.value : "<computed>",
        how: "dynamic",
      });
    }
    if (type === "TSImportType" && typeof source?.value === "string")
      found.push({ specifier: source.value, how: "type" });
    for (const value of Object.values(node)) if (typeof value === "object") visit(value);
  };
  visit(parseAst(text, { lang: "ts" }).body);
  return found;
}

/** "worker/*\/store" holds worker/items/store/list.ts and, where a noun keeps it in one file, worker/comparables/store.ts. */
function holds(folder: string, path: string): boolean {
  const pattern = folder.split("/").map((part) => (part === "*" ? "[^/]+" : part));
  return new RegExp(`^${pattern.join("/")}(/|\\.ts$)`).test(path);
}

/** The most specific layer that holds `path`. */
function layerOf(path: string): string | undefined {
  return Object.keys(layers)
    .filter((folder) => holds(folder, path))
    .sort((a, b) => b.length - a.length)[0];
}

/** The path in this repository that a specifier names, or undefined for a package. */
function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith("#core/")) return `core/${specifier.slice("#core/".length)}`;
  if (!specifier.startsWith(".")) return undefined;
  return relative(root, join(root, dirname(from), specifier.split("?")[0])).replaceAll("\\", "/");
}

// Dynamic imports are how a layer slips past a table, so each is listed with its reason.
const dynamicImports: Readonly<Record<string, readonly string[]>> = {
  // onnxruntime's megabytes are loaded only when a visitor asks for them.
  "web/engines/onnxruntime.ts": ["onnxruntime-web/wasm"],
  // The charts of the model card are most of what `appraise train` loads.
  "trainer/bundle-model.ts": ["./card/render-card.ts"],
};

// Pages load parts when a visitor wants them, and the command line loads an action when its command runs: within their own layer.
const lazyWithin = ["web", "trainer/cli/commands"];

function fault(from: string, { specifier, how }: Import): string | undefined {
  const layer = layerOf(from) ?? "";
  const { inner, packages } = layers[layer];
  if (how === "dynamic") {
    const allowed = dynamicImports[from] ?? [];
    const target = targetOf(from, specifier);
    const inside =
      target !== undefined && layerOf(target) === layer && lazyWithin.some((place) => holds(place, from));
    if (!allowed.includes(specifier) && !inside) {
      return `${from}: dynamic import of ${specifier}`;
    }
    if (target === undefined) return undefined;
  }
  const target = targetOf(from, specifier);
  if (target === undefined) {
    const allowed = packages.some((prefix) => prefix === "*" || specifier.startsWith(prefix));
    return allowed ? undefined : `${from}: package ${specifier}`;
  }
  if (how === "side effect" && !/\.css$/.test(specifier) && layer !== "web")
    return `${from}: side-effect import ${specifier}`;
  const allowed = [layer, ...inner].some((place) => target === place || holds(place, target));
  return allowed ? undefined : `${from}: ${target}`;
}

/** One family never imports another: two different folders or files under trainer/families, the contract and the registry aside. */
function crossFamilyFault(from: string, specifier: string): string | undefined {
  const target = targetOf(from, specifier);
  const family = (path: string) => /^trainer\/families\/([^/]+)/.exec(path)?.[1].replace(/\.ts$/, "");
  const own = family(from);
  const other = target && family(target);
  if (!own || !other || own === other || own === "index" || other === "family") return undefined;
  return `${from}: family ${other}`;
}

/** The folders of worker/ that are not a noun of the API. */
const plumbing = ["http", "serving", "storage"];
const nounOf = (path: string) => {
  const folder = /^worker\/([^/]+)\//.exec(path)?.[1];
  return folder && !plumbing.includes(folder) ? folder : undefined;
};

/**
 * A noun reaches another one only through worker/<noun>/index.ts, and an index exports nothing of its noun's routes. Plumbing may
 * import a noun's rules and storage, but not its routes. The root mounts everything.
 */
function crossNounFault(from: string, specifier: string): string | undefined {
  const target = targetOf(from, specifier);
  const noun = target && nounOf(target);
  if (!noun) return undefined;
  const own = nounOf(from);
  const isPlumbing = plumbing.some((folder) => holds(`worker/${folder}`, from));
  const isDoor = from === `worker/${noun}/index.ts`;
  if ((isPlumbing || isDoor) && holds("worker/*/routes", target)) return `${from}: routes of ${noun}`;
  if (!own || own === noun || target === `worker/${noun}/index.ts`) return undefined;
  return `${from}: inside of ${noun}`;
}

/** Groups of files that import one another: the strongly connected parts of the graph (Tarjan 1972). */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    lowest.set(file, index);
    stack.push(file);
    let low = index;
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, lowest.get(next) as number);
    }
    if (low === index) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    lowest.set(file, low);
    return low;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

describe("layers", () => {
  const files = ["core", "sdk", "trainer", "worker", "web"].flatMap(sources);

  it("finds sources in every layer", () => {
    for (const folder of ["core", "trainer", "worker", "web"]) {
      expect(files.filter((file) => file.startsWith(`${folder}/`)).length).toBeGreaterThan(3);
    }
  });

  it("sees every way of importing", () => {
    const text = `import a from "a"; import "b"; export * from "c"; export { d } from "d"; import type { E } from "e";
      const f = await import("f"); type G = import("g").G; const h = import(f);`;
    expect(
      importsOf(text)
        .map(({ specifier }) => specifier)
        .sort(),
    ).toEqual(["<computed>", "a", "b", "c", "d", "e", "f", "g"]);
  });

  it("refuses what the table does not allow", () => {
    const cases: [string, Import][] = [
      ["core/a.ts", { specifier: "node:fs", how: "static" }],
      ["sdk/a.ts", { specifier: "zod", how: "static" }],
      ["core/a.ts", { specifier: "../trainer/random.ts", how: "static" }],
      ["worker/items/routes/a.ts", { specifier: "drizzle-orm", how: "static" }],
      ["worker/health/routes.ts", { specifier: "drizzle-orm", how: "static" }],
      ["worker/items/store/a.ts", { specifier: "../routes/a.ts", how: "static" }],
      ["worker/storage/a.ts", { specifier: "../items/store/a.ts", how: "static" }],
      ["web/a.ts", { specifier: "../worker/app.ts", how: "static" }],
      ["trainer/a.ts", { specifier: "../worker/app.ts", how: "type" }],
      ["worker/a.ts", { specifier: "./b.ts", how: "dynamic" }],
      ["trainer/cli/actions/a.ts", { specifier: "./b.ts", how: "dynamic" }],
      ["trainer/cli/commands/a.ts", { specifier: "../../../worker/app.ts", how: "dynamic" }],
      ["worker/a.ts", { specifier: "./b.ts", how: "side effect" }],
    ];
    for (const [from, one] of cases) expect(fault(from, one), `${from} ${one.specifier}`).toBeDefined();
    expect(crossFamilyFault("trainer/families/boosting/index.ts", "../linear/index.ts")).toBeDefined();
    const insides: [string, string][] = [
      ["worker/items/routes/a.ts", "../../jobs/store/jobs.ts"],
      ["worker/items/store/a.ts", "../../jobs/store/jobs.ts"],
      ["worker/comparables/store.ts", "../items/store/items.ts"],
      ["worker/items/a.ts", "../jobs/accept-job.ts"],
      ["worker/http/a.ts", "../jobs/routes/jobs.ts"],
      ["worker/serving/a.ts", "../comparables/routes.ts"],
      ["worker/jobs/index.ts", "./routes/jobs.ts"],
    ];
    for (const [from, specifier] of insides)
      expect(crossNounFault(from, specifier), `${from} ${specifier}`).toBeDefined();
    for (const specifier of ["../../jobs/index.ts", "../items/b.ts", "../../http/body.ts"])
      expect(crossNounFault("worker/items/routes/a.ts", specifier), specifier).toBeUndefined();
    expect(crossNounFault("worker/app.ts", "./jobs/routes/jobs.ts")).toBeUndefined();
  });

  it("holds for every file", () => {
    const faults = files.flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const imports = importsOf(text);
      const patterns = Object.entries(forbidden)
        .filter(([folder]) => layerOf(file) === folder)
        .filter(([, pattern]) => pattern.test(text))
        .map(([, pattern]) => `${file}: holds ${pattern}`);
      return [
        ...imports.map((one) => fault(file, one)),
        ...imports.map(({ specifier }) => crossFamilyFault(file, specifier)),
        ...imports.map(({ specifier }) => crossNounFault(file, specifier)),
        ...patterns,
      ].filter((line) => line !== undefined);
    });
    expect(faults).toEqual([]);
  });

  it("has no circle of imports, type-only ones included", () => {
    const graph = new Map(
      files.map((file) => {
        const imports = importsOf(readFileSync(join(root, file), "utf8"));
        const targets = imports.map(({ specifier }) => targetOf(file, specifier));
        return [file, targets.filter((target) => target !== undefined)] as const;
      }),
    );
    expect(circlesOf(graph)).toEqual([]);
  });

  it("finds a circle of three, and none where paths only meet again", () => {
    const graph = (edges: readonly string[]) =>
      new Map(edges.map((edge) => [edge[0], [...edge.slice(1)]] as const));
    expect(circlesOf(graph(["ab", "bc", "ca", "da"]))).toEqual([["a", "b", "c"]]);
    expect(circlesOf(graph(["abc", "bd", "cd", "d"]))).toEqual([]);
  });

  it("keeps every source file at 400 lines or fewer", () => {
    const long = [...files, ...sources("test"), ...sources("bench"), ...sources("bin")]
      .map((file) => `${file}: ${readFileSync(join(root, file), "utf8").split("\n").length - 1}`)
      .filter((line) => Number(line.split(": ")[1]) > 400);
    expect(long).toEqual([]);
  });
});
