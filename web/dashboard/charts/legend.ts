// The legend of a chart, in HTML so that it wraps and scales like text.
import { html } from "lit";
import { looksOf } from "./series.ts";

export function legend(names: readonly string[], ring?: string) {
  const looks = looksOf(names);
  return html`<ul class="legend">
    ${names.map((name, at) => html`<li><span class=${`tone-${(at % 4) + 1}`} aria-hidden="true">${looks.get(name)?.sign}</span> ${name}</li>`)}
    ${ring ? html`<li><span class="ring" aria-hidden="true">◎</span> ${ring}</li>` : ""}
  </ul>`;
}
