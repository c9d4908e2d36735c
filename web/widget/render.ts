// The widget by a call instead of a tag: for pages that build themselves in code.
import type { AppraiseElement, RenderOptions } from "./element.ts";

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
  "tiles",
  "tiles-credit",
] as const;
const listeners = {
  onReady: "appraise:ready",
  onPrice: "appraise:price",
  onError: "appraise:error",
} as const;
type Listeners = typeof listeners;

function findNode(node: Element | string): Element {
  const found = typeof node === "string" ? document.querySelector(node) : node;
  if (found instanceof Element) return found;
  throw new TypeError(`appraise.render: expected an element or the selector of one; got ${String(node)}`);
}

/** See AppraiseCalls. */
export function render(node: Element | string, options: RenderOptions): AppraiseElement {
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
