// What the views of one tag are drawn from.
import type { EngineName } from "../../engines/engine.ts";
import type { Failure } from "../../engines/failure.ts";
import type { MapTiles, Size } from "../attributes.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Comparables } from "../comparables.ts";
import type { FormState } from "../form-state.ts";
import type { Language } from "../languages/index.ts";
import type { Pricing } from "../pricing.ts";
import type { Sections } from "../sections.ts";
import type { WhatIf } from "../what-if.ts";

export interface TagContext {
  readonly language: Language | undefined;
  readonly locale: string | undefined;
  /** The language of the dataset's own titles and help, where it has them in several. */
  readonly words: string;
  /** A map below the plots of places, where the page names one. */
  readonly tiles: MapTiles | undefined;
  readonly dataset: string;
  readonly size: Size;
  readonly engine: EngineName;
  readonly disabled: boolean;
  /** How many comparables are shown; none are asked for where it is 0. */
  readonly places: number;
  readonly catalogue: Catalogue | undefined;
  readonly catalogueFailure: Failure | undefined;
  readonly form: FormState;
  readonly pricing: Pricing;
  readonly whatIf: WhatIf;
  readonly comparables: Comparables;
  readonly sections: Sections;
  readonly loadingModel: boolean;
  readonly announcement: string;
  load(): void;
  ask(): void;
  switchEngine(engine: EngineName): void;
}
