// What is deployed: sizes, self-containment, and that no page or script names another host.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { ensurePagesBuilt, pagesFolder, root } from "./page-build.ts";
import { headersFor, parseHeaders } from "./static-headers.ts";

interface Sizes {
  readonly limitBytes: number;
  readonly initialBytes: number;
  readonly initial: readonly { readonly file: string }[];
  readonly lazy: readonly { readonly file: string }[];
}

/** Workers' static assets take no larger file. */
const assetLimitBytes = 25 * 1024 * 1024;

let files: string[];
const read = (name: string) => readFileSync(join(pagesFolder, name), "utf8");

beforeAll(async () => {
  await ensurePagesBuilt();
  files = (readdirSync(pagesFolder, { recursive: true, encoding: "utf8" }) as string[])
    .filter((name) => statSync(join(pagesFolder, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"));
});

describe("the built pages", () => {
  it("hold the widget, the pages and one plain onnxruntime", () => {
    expect(files).toEqual(
      expect.arrayContaining(["index.html", "404.html", "docs/index.html", "widget.js", "_headers"]),
    );
    const wasm = files.filter((name) => name.endsWith(".wasm"));
    expect(wasm).toHaveLength(1);
    expect(wasm[0]).toMatch(/^assets\/ort-wasm-simd-threaded-[\w-]+\.wasm$/);
    expect(files.filter((name) => name.endsWith(".map"))).toEqual([]);
  });

  it("keep what the widget loads at once within its limit, onnxruntime and evaluator outside", () => {
    const printed = execFileSync(process.execPath, [join(root, "bin", "widget-sizes.mjs"), "--json"], {
      encoding: "utf8",
    });
    const { initial, initialBytes, limitBytes, lazy } = JSON.parse(printed) as Sizes;
    expect(limitBytes).toBe(30 * 1024);
    expect(initialBytes).toBeLessThanOrEqual(limitBytes);
    expect(initial.map(({ file }) => file.replace(/-[\w-]{8}(?=\.)/, ""))).toEqual([
      "widget.js",
      "widget.js",
    ]);
    const later = lazy.map(({ file }) => file).join(" ");
    for (const part of ["evaluator", "onnxruntime", "curve", "why", "spanish", "italian", ".wasm"])
      expect(later).toContain(part);
  });

  it("print the hash of the very file that widget.js passes on to", () => {
    const { path, integrity, version } = JSON.parse(read("widget.json"));
    expect(read("widget.js")).toBe(`export*from".${path}";\n`);
    const digest = createHash("sha384")
      .update(readFileSync(join(pagesFolder, path)))
      .digest("base64");
    expect(integrity).toBe(`sha384-${digest}`);
    expect(version).toBe(packageJson.version);
  });

  it("hold no file that static assets refuse", () => {
    const sizes = files.map((name) => statSync(join(pagesFolder, name)).size);
    expect(Math.max(...sizes)).toBeLessThan(assetLimitBytes);
  });

  it("make the versioned file whole: it imports nothing at once, and chunks import it back by its own name alone", () => {
    const { path } = JSON.parse(read("widget.json"));
    expect(read(path)).not.toMatch(/\bfrom\s*["'`]\.|^import\s*["'`]/m);
    const chunks = files.filter((name) => /^assets\/.*\.js$/.test(name));
    expect(chunks.length).toBeGreaterThan(3);
    // Under two names it would run twice.
    const back = chunks.flatMap((name) => [...read(name).matchAll(/["'`]\.\.\/(widget[^"'`]*)["'`]/g)]);
    expect(new Set(back.map(([, name]) => `/${name}`))).toEqual(new Set([path]));
  });

  it("load nothing from another host", () => {
    for (const page of files.filter((name) => name.endsWith(".html"))) {
      expect(read(page)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    }
    for (const sheet of files.filter((name) => name.endsWith(".css"))) {
      expect(read(sheet)).not.toMatch(/url\(["']?(?:https?:)?\/\/|@import/);
    }
  });
});

describe("the headers", () => {
  it("let only the first page compile WebAssembly, and no page reach another host", () => {
    const rules = parseHeaders(read("_headers"));
    const policy = (path: string) => headersFor(rules, path)["content-security-policy"];
    expect(policy("/")).toContain("'wasm-unsafe-eval'");
    for (const path of ["/docs/", "/404.html", "/anything"])
      expect(policy(path)).not.toContain("wasm-unsafe-eval");
    for (const path of ["/", "/docs/", "/anything"]) {
      expect(policy(path)).toMatch(/^default-src 'none'/);
      expect(policy(path)).not.toMatch(/https?:|\*|'unsafe-eval'/);
      expect(policy(path).match(/default-src/g)).toHaveLength(1);
    }
  });

  it("keep hashed files for a year and open the widget to other origins", () => {
    const rules = parseHeaders(read("_headers"));
    expect(headersFor(rules, "/assets/x-1.js")["cache-control"]).toContain("immutable");
    expect(headersFor(rules, "/widget-abc.js")["cache-control"]).toContain("immutable");
    for (const path of ["/widget-abc.js", "/widget.json", "/assets/x-1.js"])
      expect(headersFor(rules, path)["access-control-allow-origin"]).toBe("*");
    expect(headersFor(rules, "/widget.json")["cache-control"]).not.toContain("immutable");
    expect(headersFor(rules, "/widget.js")["cache-control"]).not.toContain("immutable");
    expect(headersFor(rules, "/widget.js")["access-control-allow-origin"]).toBe("*");
  });
});
