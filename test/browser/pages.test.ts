// What is deployed: sizes, self-containment, and that no page or script names another host.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { ensurePagesBuilt, pagesFolder } from "./page-build.ts";
import { headersFor, parseHeaders } from "./static-headers.ts";

const widgetLimitBytes = 30 * 1024;
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

  it(`keep widget.js within ${widgetLimitBytes} bytes gzipped`, () => {
    expect(gzipSync(read("widget.js"), { level: 9 }).length).toBeLessThanOrEqual(widgetLimitBytes);
  });

  it("hold no file that static assets refuse", () => {
    const sizes = files.map((name) => statSync(join(pagesFolder, name)).size);
    expect(Math.max(...sizes)).toBeLessThan(assetLimitBytes);
  });

  it("make widget.js whole: it imports nothing at once, and nothing imports it back", () => {
    expect(read("widget.js")).not.toMatch(/\bfrom\s*["'`]\.|^import\s*["'`]/m);
    const chunks = files.filter((name) => /^assets\/.*\.js$/.test(name));
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.filter((name) => /["'`]\.\.\/widget\.js/.test(read(name)))).toEqual([]);
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
    expect(headersFor(rules, "/widget.js")["cache-control"]).not.toContain("immutable");
    expect(headersFor(rules, "/widget.js")["access-control-allow-origin"]).toBe("*");
  });
});
