// A table before it is prepared: columns as they were read or drawn.
export interface RawColumn {
  /** Numbers and texts; "" is missing. */
  readonly values: readonly (string | number)[];
}

export interface RawTable {
  readonly columns: Readonly<Record<string, RawColumn>>;
  /** Numbers, or class labels. */
  readonly target: readonly (string | number)[];
}
