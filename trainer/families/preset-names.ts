// The presets of the families by name, for the help of the command line, which loads no family.

/** A test holds this against the families. */
export const presetNames: Readonly<Record<string, readonly string[]>> = { boosting: ["averaged", "best"] };
