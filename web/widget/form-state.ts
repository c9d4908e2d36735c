// What is entered: the row, what is being typed, which helps stand open; and what each field of the form is given of it.
import type { FieldError } from "#core/api/problem.ts";
import type { Feature } from "#core/dataset/feature.ts";
import type { Place } from "#core/dataset/place.ts";
import type { GivenRow } from "../engines/engine.ts";
import type { Catalogue } from "./catalogue.ts";
import { faultWords, unfinishedWords } from "./fault-words.ts";
import {
  changeRow,
  restingValue,
  startingRow,
  type TypicalRow,
  unfinished,
  type Value,
} from "./form-values.ts";
import type { Language } from "./languages/index.ts";
import type { FieldContext } from "./view/field-context.ts";

export interface FormHooks {
  /** Something to price has changed; `feature` is what was moved. */
  changed(feature: string): void;
  /** Something to show has changed. */
  redraw(): void;
}

export interface FieldNews {
  readonly language: Language;
  readonly locale: string | undefined;
  readonly words: string;
  readonly disabled: boolean;
  readonly errors: readonly FieldError[] | undefined;
  readonly warnings: readonly FieldError[] | undefined;
}

export class FormState {
  row: GivenRow = {};
  #drafts: Record<string, { text: string; isFinished: boolean } | undefined> = {};
  #helpOpen = new Set<string>();
  #foldsOpen = new Set<string>();
  #typical: TypicalRow | null | undefined;
  #places: readonly Place[] = [];

  private readonly hooks: FormHooks;

  constructor(hooks: FormHooks) {
    this.hooks = hooks;
  }

  /** Whether what is typed somewhere says nothing yet, or half of a place is missing: then there is nothing to ask. */
  get isUnfinished(): boolean {
    const isTyping = Object.values(this.#drafts).some((draft) => draft && !draft.isFinished);
    return isTyping || this.#places.some(({ latitude, longitude }) => this.#isHalf(latitude, longitude));
  }

  #isHalf(latitude: string, longitude: string): boolean {
    const { [latitude]: north, [longitude]: east } = this.row;
    return (north === undefined) !== (east === undefined);
  }

  /** Whether `name` is the half of a place that is missing. */
  #isMissingHalf(name: string): boolean {
    return (
      this.row[name] === undefined &&
      this.#places.some(
        ({ latitude, longitude }) =>
          (name === latitude || name === longitude) && this.#isHalf(latitude, longitude),
      )
    );
  }

  /** What the fields need to know of the dataset, where the row is not to begin with its own. */
  know({ spec, training }: Pick<Catalogue, "spec" | "training">): void {
    this.#typical = training?.typical;
    this.#places = spec.places ?? [];
  }

  begin({ spec, training }: Catalogue): void {
    this.know({ spec, training });
    this.set(startingRow(spec, this.#typical));
  }

  isOpen(fold: string): boolean {
    return this.#foldsOpen.has(fold);
  }

  toggleFold(fold: string, open: boolean): void {
    if (open === this.#foldsOpen.has(fold)) return;
    if (open) this.#foldsOpen.add(fold);
    else this.#foldsOpen.delete(fold);
    this.hooks.redraw();
  }

  set(row: GivenRow): void {
    this.row = { ...row };
    this.#drafts = {};
  }

  /** Sets values, or makes them unknown; the first is what was moved. */
  change(values: Readonly<Record<string, Value>>): void {
    const names = Object.keys(values);
    for (const name of names) {
      this.row = changeRow(this.row, name, values[name]);
      this.#drafts[name] = undefined;
    }
    this.hooks.changed(names[0]);
  }

  #edit(name: string, text: string, value: Value | typeof unfinished, done: boolean): void {
    // Leaving the field: what says nothing stays, with its fault beside it.
    if (done) {
      if (value !== unfinished) this.#drafts[name] = undefined;
      this.hooks.redraw();
      return;
    }
    this.#drafts[name] = { text, isFinished: value !== unfinished };
    if (value !== unfinished) this.row = changeRow(this.row, name, value);
    this.hooks.changed(name);
  }

  #toggleHelp(name: string): void {
    if (!this.#helpOpen.delete(name)) this.#helpOpen.add(name);
    this.hooks.redraw();
  }

  context(
    feature: Feature,
    { language, locale, words, disabled, errors, warnings }: FieldNews,
  ): FieldContext {
    const { name } = feature;
    const { strings, tag } = language;
    // Names of features hold no character that a JSON pointer escapes.
    const about = (faults: readonly FieldError[] | undefined) =>
      faults?.find(({ pointer }) => pointer === `/${name}`)?.detail;
    const draft = this.#drafts[name];
    const value = this.row[name];
    const fault = about(errors);
    const warning = errors ? undefined : about(warnings);
    return {
      ...{ strings, locale, words, value, disabled },
      resting: restingValue(feature, this.#typical),
      draft: draft?.text,
      fault:
        draft && !draft.isFinished
          ? unfinishedWords(feature, strings)
          : this.#isMissingHalf(name)
            ? strings.bothNeeded
            : fault && faultWords(feature, value, fault, strings, locale),
      // The service warns in English.
      warning: warning && (tag === "en" ? warning : strings.unusual),
      helpOpen: this.#helpOpen.has(name),
      change: (changed) => this.change({ [name]: changed }),
      edit: (text, typed, done) => this.#edit(name, text, typed, done),
      toggleHelp: () => this.#toggleHelp(name),
    };
  }
}
