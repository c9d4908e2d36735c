// What a control of the form is given: its value, what is wrong with it, and whom to tell of a change.

import { nothing } from "lit";
import type { Feature } from "#core/dataset/feature.ts";
import { type Words, wordsIn } from "#core/dataset/words.ts";
import type { unfinished, Value } from "../form-values.ts";
import type { Strings } from "../languages/english.ts";

export interface FieldContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  /** The language of titles and help. */
  readonly words: string;
  /** Where a slider rests while nothing is known. */
  readonly resting: number | string;
  readonly value: Value;
  /** What is typed but not a number yet, shown as it is. */
  readonly draft: string | undefined;
  readonly fault: string | undefined;
  readonly warning: string | undefined;
  readonly helpOpen: boolean;
  /** By a fieldset of the page that is switched off. */
  readonly disabled: boolean;
  change(value: Value): void;
  /** What stands in a field that is typed into, and what that means; `done` once the field is left. */
  edit(draft: string, value: Value | typeof unfinished, done: boolean): void;
  toggleHelp(): void;
}

export function titleOf(
  feature: { readonly name: string; readonly title?: Words | undefined },
  language: string,
): string {
  return wordsIn(feature.title, language) ?? feature.name;
}

/** Ids of the texts that describe a control; absent texts leave no dangling reference. */
export function describedBy(feature: Feature, context: FieldContext): string | typeof nothing {
  const ids = [
    context.fault && `${feature.name}-fault`,
    context.warning && `${feature.name}-warning`,
    context.helpOpen && `${feature.name}-help`,
  ].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : nothing;
}
