import { defineToken } from "@skerry/plugin";

/** The only source of chance. In a simulation it is seeded. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
  /** An RFC 4122 version 4 UUID. */
  uuid(): string;
}

export const Random = defineToken<Random>("kernel.random/1");
