/** Version of the guest ABI that this package describes: docs/reference/mapper-abi-v0.md. */
export const abiVersion = 0;

/** A guest states its ABI version by exporting a function of this name; it is never called. */
export const abiExport = `skerry_abi_v${abiVersion}`;

/** Matches the version export of any ABI version. */
export const abiExportPattern = /^skerry_abi_v(\d{1,6})$/;

/** The one module from which a guest may import. */
export const importModule = "skerry:mapper/v0";

/** Functions a guest may import, with their number of `i32` parameters and `i32` results. */
export const guestImports = {
  event_length: { parameters: 0, results: 1 },
  event_read: { parameters: 2, results: 1 },
  open: { parameters: 2, results: 1 },
  write: { parameters: 3, results: 0 },
  close: { parameters: 1, results: 0 },
  timer: { parameters: 2, results: 0 },
  report: { parameters: 3, results: 0 },
  trouble: { parameters: 3, results: 0 },
  settle: { parameters: 1, results: 0 },
  reject: { parameters: 3, results: 0 },
  condition: { parameters: 6, results: 0 },
  log: { parameters: 3, results: 0 },
  state: { parameters: 2, results: 0 },
} as const satisfies Readonly<Record<string, { readonly parameters: number; readonly results: 0 | 1 }>>;

export type GuestImport = keyof typeof guestImports;

/** The imports that record an effect. */
export type EffectImport = Exclude<GuestImport, "event_length" | "event_read">;

/** Functions `() -> i32` that every guest exports. */
export const requiredExports = ["start", "on_open", "on_bytes", "on_close", "on_timer", "on_desired"] as const;

/** Functions `() -> i32` that a guest exports together or not at all. */
export const stateExports = ["save", "restore"] as const;

export type GuestExport = (typeof requiredExports)[number] | (typeof stateExports)[number];

/** Name under which a guest exports its one memory. */
export const memoryExport = "memory";

/** Byte budgets of the ABI, and how much a guest may have at once. */
export const abiLimits = {
  /** Text of the `start` event. */
  configBytes: 128 * 1024,
  /** Stream bytes in one `on_bytes` event; the host splits what is longer. */
  chunkBytes: 16 * 1024,
  valueBytes: 64 * 1024,
  writeBytes: 64 * 1024,
  stateBytes: 64 * 1024,
  urlBytes: 512,
  /** Reasons, messages and log lines; longer ones are cut. */
  textBytes: 1024,
  streams: 8,
  timers: 256,
  timerMs: 2_147_483_647,
} as const;

/** First byte of an encoded value. */
export const valueTag = { boolean: 1, integer: 2, number: 3, string: 4, bytes: 5, object: 6 } as const;

export const logLevels = ["debug", "info", "warn", "error"] as const;
export const conditionTypes = ["Connected", "MapperReady"] as const;
export const conditionStatuses = ["False", "True", "Unknown"] as const;
