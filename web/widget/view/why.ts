// Why a price is what it is: a waterfall from the average thing to this one, or the same steps as a table.
import { html, nothing } from "lit";
import type { ExplanationStep, PriceExplanation } from "#core/api/explanation.ts";
import type { Feature } from "#core/dataset/feature.ts";
import { formatAmount, formatChange, formatFactor } from "../amount.ts";
import type { Strings } from "../languages/english.ts";
import { titleOf } from "./field-context.ts";
import { valueWords } from "./value-words.ts";

/** Steps that are told one by one; the smaller ones are added up. */
const stepsTold = 5;

export interface WhyContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  readonly words: string;
  readonly features: readonly Feature[];
  readonly unit: string;
  readonly explanation: PriceExplanation;
  readonly asTable: boolean;
  switchView(): void;
}

interface Bar {
  readonly label: string;
  readonly value: string;
  readonly effect: string;
  readonly before: number;
  readonly after: number;
}

/** The title of a step's feature and its value, in the page's language. */
function stepWords(step: ExplanationStep, context: WhyContext): { label: string; value: string } {
  const { strings, locale, words, features } = context;
  if (step.feature === null) return { label: strings.whyLimit, value: "" };
  const feature = features.find(({ name }) => name === step.feature);
  const value = valueWords(feature, step.value, context);
  return {
    label: feature ? titleOf(feature, words) : step.title,
    value: step.value === null ? value.toLocaleLowerCase(locale) : value,
  };
}

function toBars(context: WhyContext): Bar[] {
  const { strings, locale, unit, explanation } = context;
  const { base, steps } = explanation;
  const effect = (before: number, after: number) =>
    explanation.scale === "factor"
      ? formatFactor(after / before, locale)
      : formatChange(after - before, unit, locale);
  const told = steps.length > stepsTold + 1 ? steps.slice(0, stepsTold) : steps;
  let before = base.value;
  const bars = told.map((step) => {
    const bar = {
      ...stepWords(step, context),
      effect: effect(before, step.running),
      ...{ before, after: step.running },
    };
    before = step.running;
    return bar;
  });
  const rest = steps.slice(told.length);
  if (rest.length > 0) {
    const after = rest[rest.length - 1].running;
    const label = strings.whyRest(new Intl.NumberFormat(locale).format(rest.length));
    bars.push({ label, value: "", effect: effect(before, after), before, after });
  }
  return bars;
}

function chart(bars: readonly Bar[], context: WhyContext) {
  const { strings, locale, unit, explanation } = context;
  const total = bars.length > 0 ? bars[bars.length - 1].after : explanation.base.value;
  const largest = Math.max(explanation.base.value, ...bars.map(({ after }) => after), Number.MIN_VALUE);
  const share = (value: number) => Math.max(0, (value / largest) * 100);
  const bar = (from: number, to: number, kind: string) =>
    html`<span class="track-line" aria-hidden="true"
      ><i
        class=${kind}
        .style=${`inset-inline-start:${share(Math.min(from, to))}%;inline-size:${share(Math.abs(to - from))}%`}
      ></i
    ></span>`;
  const end = (label: string, value: number) =>
    html`<li class="end"><span>${label}</span><b>${formatAmount(value, unit, locale)}</b>${bar(0, value, "whole")}</li>`;
  return html`<ol class="waterfall">
    ${end(strings.whyStart, explanation.base.value)}
    ${bars.map(
      ({ label, value, effect, before, after }) =>
        html`<li>
          <span>${label} ${value ? html`<small>${value}</small>` : nothing}</span>
          <b>${effect}</b>
          ${bar(before, after, after >= before ? "rise" : "fall")}
        </li>`,
    )}
    ${end(strings.whyTotal, total)}
  </ol>`;
}

function table(bars: readonly Bar[], { strings, locale, unit, explanation }: WhyContext) {
  return html`<table class="steps">
    <thead>
      <tr><th scope="col">${strings.whyFeature}</th><th scope="col">${strings.whyEffect}</th><th scope="col">${strings.whyRunning}</th></tr>
    </thead>
    <tbody>
      <tr><th scope="row">${strings.whyStart}</th><td></td><td>${formatAmount(explanation.base.value, unit, locale)}</td></tr>
      ${bars.map(
        ({ label, value, effect, after }) =>
          html`<tr><th scope="row">${label} ${value}</th><td>${effect}</td><td>${formatAmount(after, unit, locale)}</td></tr>`,
      )}
    </tbody>
  </table>`;
}

export function whyView(context: WhyContext) {
  const bars = toBars(context);
  const { strings, asTable, switchView } = context;
  return html`${asTable ? table(bars, context) : chart(bars, context)}
    <button type="button" class="plain" @click=${switchView}>${asTable ? strings.whyAsChart : strings.whyAsTable}</button>`;
}
