// A long list of levels as a combobox: type some letters, choose with arrows and Enter (the ARIA pattern, list autocomplete).
import { html, nothing, type ReactiveControllerHost } from "lit";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import type { CategoryFeature } from "#core/dataset/feature.ts";
import { unfinished } from "../form-values.ts";
import { exactLevel, type FoundLevels, findLevels } from "../level-search.ts";
import { describedBy, type FieldContext } from "./field-context.ts";
import { placeList } from "./list-place.ts";

/** A choice of the list; undefined stands for unknown. */
type Choice = string | undefined;

interface Search {
  /** What is typed; undefined while nothing has been since the list was opened. */
  readonly text: string | undefined;
  /** Index of the choice that Enter takes; -1 for none. */
  readonly active: number;
}

interface Offer extends FoundLevels {
  readonly choices: readonly Choice[];
}

const page = 10;

export class Comboboxes {
  /** The feature whose list is open. */
  #open: string | undefined;
  #search: Search = { text: undefined, active: -1 };

  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
  }

  #show(name: string | undefined, search: Search): void {
    this.#open = name;
    this.#search = search;
    this.host.requestUpdate();
  }

  #close(): void {
    this.#show(undefined, { text: undefined, active: -1 });
  }

  #offer({ levels, required }: CategoryFeature): Offer {
    const { text } = this.#search;
    const found = findLevels(levels, text ?? "");
    if (found.meant !== undefined) return { ...found, choices: [found.meant] };
    return { ...found, choices: !required && !text ? [undefined, ...found.levels] : found.levels };
  }

  #begin(feature: CategoryFeature, value: Choice): void {
    this.#search = { text: undefined, active: -1 };
    this.#show(feature.name, { text: undefined, active: this.#offer(feature).choices.indexOf(value) });
  }

  #type(feature: CategoryFeature, text: string): void {
    this.#search = { text, active: -1 };
    const { choices } = this.#offer(feature);
    this.#show(feature.name, { text, active: text === "" || choices.length === 0 ? -1 : 0 });
  }

  #pick(choice: Choice, { change }: FieldContext): void {
    this.#close();
    change(choice);
  }

  /** Leaving the field takes what is typed where it is a level, and otherwise says that it is none. */
  #leave({ levels, required }: CategoryFeature, context: FieldContext): void {
    const { text } = this.#search;
    const isOpen = this.#open !== undefined;
    this.#close();
    if (!isOpen || text === undefined) return;
    const level = exactLevel(levels, text);
    if (level !== undefined || (text.trim() === "" && !required)) context.change(level);
    else if (text.trim() !== "") context.edit(text, unfinished, false);
  }

  #key(event: KeyboardEvent, feature: CategoryFeature, context: FieldContext): void {
    const isOpen = this.#open === feature.name;
    const { choices } = this.#offer(feature);
    const { text, active } = this.#search;
    const move = (to: number) =>
      this.#show(feature.name, { text, active: Math.min(choices.length - 1, Math.max(0, to)) });
    const value = context.value === undefined ? undefined : String(context.value);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
    };
    if (event.key in steps) {
      if (!isOpen) this.#begin(feature, value);
      else move(active < 0 && steps[event.key] < 0 ? choices.length - 1 : active + steps[event.key]);
    } else if (event.key === "Enter" && isOpen && active >= 0) this.#pick(choices[active], context);
    else if (event.key === "Escape" && isOpen) this.#close();
    else return;
    event.preventDefault();
  }

  #options(feature: CategoryFeature, { choices, more, meant }: Offer, context: FieldContext) {
    const { strings, value } = context;
    const count = new Intl.NumberFormat(context.locale).format(more);
    const option = (choice: Choice, at: number) => html`<li
      role="option"
      id="${feature.name}-option-${at}"
      class=${at === this.#search.active ? "active" : ""}
      aria-selected=${choice === value}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#pick(choice, context)}
    >
      ${choice === undefined ? strings.unknown : meant === undefined ? choice : strings.didYouMean(choice)}
    </li>`;
    const note = choices.length === 0 ? strings.noLevel : more > 0 ? strings.moreLevels(count) : undefined;
    return html`${choices.map(option)}
      ${note ? html`<li role="option" aria-disabled="true" aria-selected="false" class="aside">${note}</li>` : nothing}`;
  }

  view(feature: CategoryFeature, context: FieldContext) {
    const { strings, value, draft, fault, disabled } = context;
    const { name, required } = feature;
    const isOpen = this.#open === name;
    const shown = (isOpen ? this.#search.text : undefined) ?? draft ?? String(value ?? "");
    const list = `${name}-list`;
    const { active } = this.#search;
    const begin = () => !isOpen && this.#begin(feature, value === undefined ? undefined : String(value));
    return html`<div class="combo">
      <input
        id="${name}-entry"
        class="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-expanded=${isOpen}
        aria-controls=${list}
        aria-autocomplete="list"
        aria-labelledby="${name}-title"
        aria-activedescendant=${isOpen && active >= 0 ? `${name}-option-${active}` : nothing}
        aria-required=${required}
        aria-invalid=${fault !== undefined}
        aria-describedby=${describedBy(feature, context)}
        placeholder=${required ? strings.chooseLevel : strings.unknown}
        ?disabled=${disabled}
        .value=${live(shown)}
        @click=${begin}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
        @input=${(event: Event) => this.#type(feature, (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.#key(event, feature, context)}
        @blur=${() => this.#leave(feature, context)}
      />
      <ul role="listbox" id=${list} aria-labelledby="${name}-title" popover="manual" ${ref((element) => placeList(element, isOpen))}>
        ${isOpen ? this.#options(feature, this.#offer(feature), context) : nothing}
      </ul>
    </div>`;
  }
}
