// What a page sees of the widget: the element's properties and methods, and the calls beside it. Types only.
import type { EngineName, GivenRow, Price, RuntimeName } from "../engines/engine.ts";
import type { Size, Theme } from "./attributes.ts";
import type { AppraiseEvents } from "./events.ts";
import type { Strings } from "./languages/english.ts";

/** Every property is an attribute of the same name, but for `datasetName` (dataset) and `apiKey` (api-key). */
export interface AppraiseElement extends HTMLElement {
  datasetName: string;
  url: string | null;
  key: string | null;
  apiKey: string | null;
  engine: EngineName;
  runtime: RuntimeName;
  theme: Theme;
  size: Size;
  locale: string | null;
  name: string | null;
  required: boolean;
  coverage: string | number | null;
  similar: string | number | null;
  tiles: string | null;
  tilesCredit: string | null;
  /** Resolves once what has changed is shown. */
  readonly updateComplete: Promise<boolean>;
  readonly form: HTMLFormElement | null;
  readonly validity: ValidityState;
  readonly validationMessage: string;
  getRow(): GivenRow;
  setRow(row: GivenRow): void;
  reset(): void;
  price(row?: GivenRow): Promise<Price>;
  checkValidity(): boolean;
  reportValidity(): boolean;
}

type OptionName =
  | "url"
  | "key"
  | "engine"
  | "runtime"
  | "theme"
  | "size"
  | "locale"
  | "lang"
  | "name"
  | "required"
  | "coverage"
  | "similar"
  | "tiles"
  | "tiles-credit";

/** One member an attribute, what the form begins with, and one listener an event, called with the event's detail. */
export interface RenderOptions extends Readonly<Partial<Record<OptionName, string | number | boolean>>> {
  readonly dataset: string;
  readonly row?: GivenRow;
  readonly onReady?: (detail: AppraiseEvents["appraise:ready"]) => void;
  readonly onPrice?: (detail: AppraiseEvents["appraise:price"]) => void;
  readonly onError?: (detail: AppraiseEvents["appraise:error"]) => void;
}

/** What `import { appraise } from ".../widget.js"` gives, and the global of that name. */
export interface AppraiseCalls {
  /** Puts a widget into `node`, after what is there, and returns it. Throws TypeError for what it cannot read. */
  render(node: Element | string, options: RenderOptions): AppraiseElement;
  /** Adds a language, or another wording of one; what `strings` leaves out is said in English. Call it before a widget is shown. */
  addLanguage(tag: string, strings: Partial<Strings>): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "appraise-widget": AppraiseElement;
  }
  interface Window {
    appraise?: AppraiseCalls;
  }
}
