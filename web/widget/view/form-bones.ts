// What stands in the widget's place until its spec has come: the outline of a form and of a price.
import { html, nothing } from "lit";
import type { Size } from "../attributes.ts";

const rows = 4;

export function formBones(size: Size) {
  const field = html`<div class="field"><span class="bone line"></span><span class="bone block"></span></div>`;
  return html`<div class="form" aria-hidden="true">${Array.from({ length: rows }, () => field)}</div>
    <div class="side" aria-hidden="true">
      <section class="answer">
        <h2><span class="bone line"></span></h2>
        <p class="amount"><span class="bone"></span></p>
        <div class="range"></div>
      </section>
    </div>
    ${size === "compact" ? nothing : ["drawn", "reasons", "like"].map((name) => html`<div class="behind ${name}" aria-hidden="true"></div>`)}`;
}
