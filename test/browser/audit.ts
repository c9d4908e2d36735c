/// <reference lib="dom" />
// axe-core over an open page: WCAG 2.2 AA and best practices.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Report {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  readonly passes: readonly { readonly id: string }[];
}

let source: string | undefined;

/** Rule and first element of every violation; `page.evaluate` needs no leave of the page's own policy. */
export async function audit(page: Page): Promise<string[]> {
  source ??= await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
  await page.evaluate(source);
  const report = await page.evaluate(
    (runOnly) =>
      (window as unknown as { axe: { run(options: object): Promise<Report> } }).axe.run({ runOnly }),
    tags,
  );
  expect(report.passes.length, "rules that found something to check").toBeGreaterThan(15);
  return report.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
}
