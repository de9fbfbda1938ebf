import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FuzzTarget } from "../fuzz.ts";
import { apiTargets } from "./api.ts";
import { enrolmentTargets } from "./enrolment.ts";
import { guestTargets } from "./guests.ts";
import { linkTargets } from "./link.ts";
import { reportTargets } from "./reports.ts";

/** Every decoder of what others send, with the inputs that `corpus` keeps for it, a folder each. */
export function targetsWith(corpus: string): readonly FuzzTarget[] {
  const all = { ...linkTargets, ...reportTargets, ...apiTargets, ...guestTargets, ...enrolmentTargets };
  return Object.entries(all).map(([name, decode]) => {
    const folder = join(corpus, name);
    const seeds = readdirSync(folder)
      .sort()
      .map((file) => Uint8Array.from(readFileSync(join(folder, file))));
    return { name, decode, seeds };
  });
}
