declare const SKERRY_VERSION: string | undefined;

/** Version of this build; `0.0.0-source` where the code runs unbuilt, as in tests. */
export const version: string = typeof SKERRY_VERSION === "undefined" ? "0.0.0-source" : SKERRY_VERSION;
