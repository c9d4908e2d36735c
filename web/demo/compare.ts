// Compares the three engines: one hidden widget each, all pricing the same row.
import type { AppraiseElement } from "../widget/element.ts";

interface Run {
  readonly prediction: number;
  readonly firstMs: number;
  readonly againMs: number;
}

const milliseconds = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** Leading significant digits that two prices share; 17 if they are equal. */
function sharedDigits(a: number, b: number): number {
  if (a === b) return 17;
  return Math.max(0, Math.floor(-Math.log10(Math.abs(a - b) / Math.abs(a))));
}

async function openEngine(live: HTMLElement, row: HTMLElement): Promise<AppraiseElement> {
  const widget = document.createElement("appraise-widget");
  widget.setAttribute("dataset", live.getAttribute("dataset") ?? "");
  for (const name of ["engine", "runtime"]) widget.setAttribute(name, row.dataset[name] ?? "");
  widget.setAttribute("size", "compact");
  widget.hidden = true;
  const ready = new Promise<void>((resume, fail) => {
    widget.addEventListener("appraise:price", () => resume(), { once: true });
    widget.addEventListener("appraise:error", (event) => fail(new Error(event.detail.message)), {
      once: true,
    });
  });
  document.body.append(widget);
  await ready;
  return widget;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function run(live: AppraiseElement, row: HTMLElement): Promise<Run> {
  let widget: AppraiseElement | undefined;
  try {
    // First: the element, its spec, and for the browser the model and what runs it.
    const firstMs = await time(async () => {
      widget = await openEngine(live, row);
    });
    const { prediction } = await widget!.price(live.getRow());
    const againMs = await time(() => widget!.price(live.getRow()));
    return { prediction, firstMs, againMs };
  } finally {
    widget?.remove();
  }
}

function show(row: HTMLElement, words: readonly string[]): void {
  row.querySelectorAll("td").forEach((cell, at) => {
    cell.textContent = words[at] ?? "";
  });
}

function verdictOf(runs: readonly Run[]): string {
  const [service, ...others] = runs;
  const digits = Math.min(...others.map(({ prediction }) => sharedDigits(service.prediction, prediction)));
  const exact = others.filter(({ prediction }) => prediction === service.prediction).length;
  if (exact === others.length) return "All three are equal to the last bit.";
  return `Service and evaluator ${others[0].prediction === service.prediction ? "are equal to the last bit" : "differ"}. All three agree on ${digits} digits.`;
}

export function wireCompare(live: AppraiseElement): void {
  const button = document.querySelector<HTMLButtonElement>("#compare")!;
  const verdict = document.querySelector("#verdict")!;
  const rows = [...document.querySelectorAll<HTMLElement>("#engines tr")];
  button.addEventListener("click", async () => {
    button.disabled = true;
    verdict.textContent = "";
    const runs: Run[] = [];
    try {
      // One after the other, so the engines do not compete for time.
      for (const row of rows) {
        show(row, ["…"]);
        const done = await run(live, row);
        runs.push(done);
        show(row, [
          String(done.prediction),
          ...[done.firstMs, done.againMs].map((ms) => `${milliseconds.format(ms)} ms`),
        ]);
      }
      verdict.textContent = verdictOf(runs);
    } catch (error) {
      show(rows[runs.length], ["—", "—", "—"]);
      verdict.textContent = (error as Error).message;
    } finally {
      button.disabled = false;
    }
  });
}
