// What the widget says when there is no price: in words, with a button where trying again can help.
import { html, nothing } from "lit";
import type { Failure } from "../../engines/failure.ts";
import type { Strings } from "../strings.ts";

/** The sentence for a failure; the service's own words only where they are about the visitor's input. */
export function failureWords(failure: Failure, strings: Strings, dataset: string): string {
  if (failure.kind === "row") return failure.errors.length > 0 ? strings.fixFields : failure.message;
  if (failure.kind === "missing") return dataset ? strings.missing(dataset) : strings.noDataset;
  return strings[failure.kind];
}

export function noticeView(words: string, strings: Strings, retry: (() => void) | undefined) {
  return html`<div class="notice" part="notice">
    <p>${words}</p>
    ${retry ? html`<button type="button" class="retry" @click=${retry}>${strings.retry}</button>` : nothing}
  </div>`;
}
