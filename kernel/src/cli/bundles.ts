import { createRequire } from "node:module";
import { join } from "node:path";
import type { NodeInfo } from "@skerry/contracts";
import type { BootReport } from "../host/boot-report.ts";
import type { Kernel } from "../host/kernel.ts";

/** A profile as the build wrote it: `profile-<name>.cjs`. */
export interface BuiltProfile {
  /** Boots a node and runs it to its end; gives the exit code. */
  main(argv: readonly string[]): Promise<number>;
  /** Boots it for one task of the command line. Whoever opened it stops it. */
  open(node: NodeInfo, signal: AbortSignal): Promise<Kernel>;
  /** What a node of this profile in this home would be made of. */
  plan(home: string): Promise<BootReport>;
}

/** The supervisor as the build wrote it: `up.cjs`. */
export interface BuiltSupervisor {
  up(argv: readonly string[]): Promise<number>;
  demoMeter(argv: readonly string[]): Promise<number>;
}

/** `skerry join` as the build wrote it: `join.cjs`. */
export interface BuiltJoin {
  join(argv: readonly string[], profile: BuiltProfile): Promise<number>;
}

/**
 * The parts of Skerry that a process loads only when it needs them, so that an edge node carries
 * neither the cloud's code nor the supervisor's.
 */
export class Bundles {
  readonly #folder: string;

  /** @param folder where the build wrote the bundles */
  constructor(folder: string) {
    this.#folder = folder;
  }

  profile(name: string): BuiltProfile {
    return this.#load(`profile-${name}`) as BuiltProfile;
  }

  supervisor(): BuiltSupervisor {
    return this.#load("up") as BuiltSupervisor;
  }

  joiner(): BuiltJoin {
    return this.#load("join") as BuiltJoin;
  }

  // require, not import: importing CommonJS from a dynamic import starts a lexer that takes 7 MiB.
  #load(name: string): unknown {
    const file = join(this.#folder, `${name}.cjs`);
    return createRequire(file)(file);
  }
}
