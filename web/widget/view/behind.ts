// What stands behind a price, each part to be folded away: the curve around it, the steps that lead to it, and what is like it.
import { html, nothing } from "lit";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Strings } from "../languages/english.ts";
import type { SectionName } from "../sections.ts";
import { comparablesView } from "./comparables.ts";
import { titleOf } from "./field-context.ts";
import { sectionView } from "./section.ts";
import type { TagContext } from "./tag-context.ts";

const note = (words: string) => html`<p class="note">${words}</p>`;
const waitingPlace = () => html`<div class="bones" aria-hidden="true"><span class="bone block"></span></div>`;

function likeBody(spec: DatasetSpec, strings: Strings, context: TagContext) {
  const { comparables, locale, words, places, engine, pricing, sections, tiles } = context;
  return comparablesView({
    ...{ strings, locale, words, spec, places, resting: engine === "browser" },
    ...{ items: comparables.group?.items.slice(0, places), spread: comparables.group?.spread },
    failed: comparables.failed,
    ...{ row: pricing.row, plot: sections.plot, tiles },
  });
}

function fold(part: SectionName, title: string, { sections, size }: TagContext, body: () => unknown) {
  const open = sections.isOpen(part, size);
  return sectionView({ part, title, open, toggle: (now) => sections.toggle(part, now) }, body);
}

function curveBody(spec: DatasetSpec, strings: Strings, context: TagContext) {
  const { whatIf, sections, form, pricing, locale, words } = context;
  const part = sections.curve.get();
  if (whatIf.failed || sections.curve.failed) return note(strings.whatIfFailed);
  const feature = spec.features.find(({ name }) => name === whatIf.curve?.feature);
  if (!part || !whatIf.curve || !feature) return waitingPlace();
  return part.curveView({
    ...{ strings, locale, feature, unit: spec.target.unit },
    title: titleOf(feature, words),
    ...{ points: whatIf.curve.points, logarithmic: whatIf.curve.logarithmic },
    value: form.row[feature.name],
    price: pricing.price,
  });
}

function whyBody(spec: DatasetSpec, strings: Strings, context: TagContext) {
  const { sections, pricing, locale, words } = context;
  const part = sections.why.get();
  const explanation = pricing.price?.explanation;
  if (explanation === null || sections.why.failed) return note(strings.whyNone);
  if (!part || !explanation) return waitingPlace();
  return part.whyView({
    ...{ strings, locale, words, features: spec.features, explanation, unit: spec.target.unit },
    asTable: sections.whyAsTable,
    switchView: () => sections.toggleTable(),
  });
}

/** Each in a block of its own, which the layout puts where there is room. */
export function behindView(spec: DatasetSpec, strings: Strings, context: TagContext) {
  const { whatIf, places, words } = context;
  const varied = spec.features.find(({ name }) => name === whatIf.feature);
  const drawn = varied
    ? fold("whatIf", strings.whatIfOf(titleOf(varied, words)), context, () =>
        curveBody(spec, strings, context),
      )
    : nothing;
  const like =
    spec.similar && places > 0
      ? fold("comparables", strings.comparables, context, () => likeBody(spec, strings, context))
      : nothing;
  return html`<div class="behind drawn">${drawn}</div>
    <div class="behind reasons">${fold("why", strings.why, context, () => whyBody(spec, strings, context))}</div>
    <div class="behind like">${like}</div>`;
}
