// What is entered: the row, what is being typed, which helps stand open; and what each field of the form is given of it.
import type { FieldError } from "#core/api/problem.ts";
import type { Feature } from "#core/dataset/feature.ts";
import type { GivenRow } from "../engines/engine.ts";
import type { Catalogue } from "./catalogue.ts";
import { faultWords } from "./fault-words.ts";
import { changeRow, restingValue, startingRow, type TypicalRow, type Value } from "./form-values.ts";
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
  #drafts: Record<string, { text: string; isNumber: boolean } | undefined> = {};
  #helpOpen = new Set<string>();
  #foldsOpen = new Set<string>();
  #typical: TypicalRow | null | undefined;

  private readonly hooks: FormHooks;

  constructor(hooks: FormHooks) {
    this.hooks = hooks;
  }

  /** Whether what is typed somewhere is no number yet: then there is nothing to ask. */
  get isUnfinished(): boolean {
    return Object.values(this.#drafts).some((draft) => draft && !draft.isNumber);
  }

  begin({ spec, training }: Catalogue): void {
    this.#typical = training?.typical;
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

  #change(name: string, value: Value): void {
    this.row = changeRow(this.row, name, value);
    this.#drafts[name] = undefined;
    this.hooks.changed(name);
  }

  #edit(name: string, text: string | undefined, isNumber: boolean): void {
    if (text !== undefined) {
      this.#drafts[name] = { text, isNumber };
      if (isNumber) this.row = changeRow(this.row, name, text === "" ? undefined : Number(text));
      this.hooks.changed(name);
      return;
    }
    // Leaving the field: what is no number stays, with its fault beside it.
    if (isNumber) this.#drafts[name] = undefined;
    this.hooks.redraw();
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
        draft && !draft.isNumber
          ? strings.notANumber
          : fault && faultWords(feature, value, fault, strings, locale),
      // The service warns in English.
      warning: warning && (tag === "en" ? warning : strings.unusual),
      helpOpen: this.#helpOpen.has(name),
      change: (changed) => this.#change(name, changed),
      edit: (text, isNumber) => this.#edit(name, text, isNumber),
      toggleHelp: () => this.#toggleHelp(name),
    };
  }
}
