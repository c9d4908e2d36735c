// The form: what matters most first, the next behind a fold, and the rest, which may be thousands, drawn once it is opened.
import { html, nothing } from "lit";
import type { NumberFeature } from "#core/dataset/feature.ts";
import type { Catalogue } from "../catalogue.ts";
import { type FormField, formFields, groupFields } from "../feature-groups.ts";
import type { FieldNews } from "../form-state.ts";
import type { Position } from "../ground.ts";
import type { Language } from "../languages/index.ts";
import { fieldView } from "./field.ts";
import { placeView } from "./place-field.ts";
import type { TagContext } from "./tag-context.ts";

/** Corners of where nine in ten training rows lie. */
function extentOf({ training }: Catalogue, north: string, east: string): Position[] {
  const [latitudes, longitudes] = [north, east].map((name) => training?.quantiles[name]);
  if (!latitudes || !longitudes) return [];
  return [1, 5].map((at) => ({ latitude: latitudes[at], longitude: longitudes[at] }));
}

function fieldOf(field: FormField, catalogue: Catalogue, news: FieldNews, context: TagContext) {
  const { form, sections, tiles } = context;
  const [feature, other] = field.features;
  if (!field.place || !other) return fieldView(feature, form.context(feature, news), sections.comboboxes);
  const [latitude, longitude] = [feature, other] as NumberFeature[];
  return placeView({
    ...{ place: field.place, latitude, longitude, tiles, plot: sections.plot },
    whole: form.context({ ...feature, name: field.name }, news),
    north: form.context(latitude, news),
    east: form.context(longitude, news),
    extent: extentOf(catalogue, latitude.name, longitude.name),
    move: (position) =>
      form.change({ [latitude.name]: position?.latitude, [longitude.name]: position?.longitude }),
  });
}

export function formView(catalogue: Catalogue, language: Language, context: TagContext) {
  const { form, pricing, locale, words, disabled } = context;
  const { strings } = language;
  const news = {
    ...{ language, locale, words, disabled },
    errors: pricing.failure?.errors,
    warnings: pricing.price?.warnings,
  };
  const draw = (fields: readonly FormField[]) =>
    fields.map((field) => fieldOf(field, catalogue, news, context));
  const isFaulty = ({ features }: FormField) =>
    features.some(({ name }) => news.errors?.some(({ pointer }) => pointer === `/${name}`));
  const fold = (name: string, title: string, hint: unknown, fields: readonly FormField[]) => {
    if (fields.length === 0) return nothing;
    const isOpen = form.isOpen(name) || fields.some(isFaulty);
    return html`<details
      class="more"
      ?open=${isOpen}
      @toggle=${(event: Event) => form.toggleFold(name, (event.target as HTMLDetailsElement).open)}
    >
      <summary>${title}</summary>
      ${hint}
      ${isOpen || name === "more" ? draw(fields) : nothing}
    </details>`;
  };
  const { open, more, rest } = groupFields(formFields(catalogue.spec), catalogue.training?.importance);
  const count = new Intl.NumberFormat(locale).format(rest.length);
  return html`<div class="form" part="form">
    ${draw(open)}
    ${fold("more", strings.moreDetail, html`<p class="hint">${strings.moreDetailHint}</p>`, more)}
    ${fold("rest", strings.otherFeatures(count), nothing, rest)}
    <p class="legend"><span class="mark">*</span> ${strings.required}</p>
  </div>`;
}
