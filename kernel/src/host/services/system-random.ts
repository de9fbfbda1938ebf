import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Random } from "@skerry/contracts";

const steps = 2 ** 47;

/** The machine's chance. */
export const systemRandom: Random = {
  next: () => randomInt(steps) / steps,
  bytes: (length) => new Uint8Array(randomBytes(length)),
  uuid: () => randomUUID(),
};
