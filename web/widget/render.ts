// The widget by a call instead of a tag: for pages that build themselves in code.
import type { Row } from "#core/dataset/row.ts";
import type { AppraiseWidget } from "./appraise-widget.ts";
import type { AppraiseEvents } from "./events.ts";

const attributes = [
  "dataset",
  "url",
  "key",
  "engine",
  "runtime",
  "theme",
  "size",
  "locale",
  "lang",
  "name",
  "required",
  "coverage",
  "similar",
] as const;
const listeners = {
  onReady: "appraise:ready",
  onPrice: "appraise:price",
  onError: "appraise:error",
} as const;
type Listeners = typeof listeners;

/** One member an attribute, what the form begins with, and one listener an event, called with the event's detail. */
export type RenderOptions = Partial<Record<(typeof attributes)[number], string | number | boolean>> & {
  readonly dataset: string;
  readonly row?: Row;
} & { readonly [L in keyof Listeners]?: (detail: AppraiseEvents[Listeners[L]]) => void };

function findNode(node: Element | string): Element {
  const found = typeof node === "string" ? document.querySelector(node) : node;
  if (found instanceof Element) return found;
  throw new TypeError(`appraise.render: expected an element or the selector of one; got ${String(node)}`);
}

/** Puts a widget into `node`, after what is there, and returns it; remove() takes it away. Throws TypeError for what it cannot read. */
export function render(node: Element | string, options: RenderOptions): AppraiseWidget {
  const parent = findNode(node);
  const widget = document.createElement("appraise-widget");
  for (const [name, value] of Object.entries(options)) {
    if (name === "row" || value === undefined) continue;
    if (Object.hasOwn(listeners, name)) {
      const listener = value as (detail: unknown) => void;
      widget.addEventListener(listeners[name as keyof Listeners], (event) =>
        listener((event as CustomEvent).detail),
      );
    } else if ((attributes as readonly string[]).includes(name)) {
      if (value !== false) widget.setAttribute(name, value === true ? "" : String(value));
    } else {
      const allowed = [...attributes, "row", ...Object.keys(listeners)].join(", ");
      throw new TypeError(`appraise.render: unknown option "${name}"; expected one of ${allowed}`);
    }
  }
  if (options.row) widget.setRow(options.row);
  parent.append(widget);
  return widget;
}
