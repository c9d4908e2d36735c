// What the widget says when there is no price: in words, with a button where trying again can help.
import { html, nothing } from "lit";
import type { Failure } from "../../engines/failure.ts";
import type { Strings } from "../languages/english.ts";

/** The sentence for a failure; the service's own words only where they are about the visitor's input or about this page. */
export function failureWords(failure: Failure, strings: Strings, dataset: string): string {
  if (failure.kind === "row") return failure.errors.length > 0 ? strings.fixFields : failure.message;
  if (failure.kind === "missing") return dataset ? strings.missing(dataset) : strings.noDataset;
  if (failure.kind === "refused") return `${strings.refused} ${failure.message}`;
  return strings[failure.kind];
}

export interface NoticeActions {
  /** Where trying again can help. */
  readonly retry?: () => void;
  /** Where the page can price for itself. */
  readonly useBrowser?: () => void;
}

export function noticeView(words: string, strings: Strings, { retry, useBrowser }: NoticeActions) {
  const button = (label: string, act: (() => void) | undefined) =>
    act ? html`<button type="button" class="retry" @click=${act}>${label}</button>` : nothing;
  return html`<div class="notice" part="notice">
    <p>${words}</p>
    <div class="actions">${button(strings.retry, retry)}${button(strings.useBrowser, useBrowser)}</div>
  </div>`;
}
