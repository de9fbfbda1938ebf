/** By name: decodes, and says whether it took the input. */
export type Decoders = Readonly<Record<string, (bytes: Uint8Array) => boolean | Promise<boolean>>>;
