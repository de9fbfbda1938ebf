import type { Clock } from "@skerry/contracts";
import type { ContainerFailure } from "../plan/container-health.ts";
import type { PodContainer } from "../pod/pod.ts";
import { type ProbeKind, probeKinds } from "./probe-kind.ts";
import { ProbeLoop, type ProbeLoopParts } from "./probe-loop.ts";
import type { ProbeResult } from "./probe-result.ts";

export interface ContainerProbesParts {
  readonly spec: PodContainer;
  readonly clock: Clock;
  /** How long it has been running. */
  readonly ranMs: number;
  /** What was known of it before this process began. */
  readonly before: { readonly isStarted: boolean; readonly isReady: boolean };
  /** Between 0 and 1: how much of its period the first probe waits. */
  readonly jitter: () => number;
  readonly check: (probe: ProbeLoopParts["probe"]) => Promise<ProbeResult>;
  readonly noticed: (kind: ProbeKind, result: Parameters<ProbeLoopParts["noticed"]>[0]) => void;
  readonly changed: () => void;
}

/**
 * The probes of one container that runs, by the kubelet's rules: the startup probe first, the others when that has
 * succeeded; a startup or liveness probe that has failed is not made again, for the container is to be ended.
 */
export class ContainerProbes implements Disposable {
  readonly #parts: ContainerProbesParts;
  readonly #begunAt: number;
  readonly #loops = new Map<ProbeKind, ProbeLoop>();
  #isStarted: boolean;
  #isReady: boolean;
  #failed: ContainerFailure | undefined;
  #isEnding = false;

  constructor(parts: ContainerProbesParts) {
    const { spec, before, clock } = parts;
    this.#parts = parts;
    this.#begunAt = clock.monotonic() - parts.ranMs;
    this.#isStarted = spec.startupProbe === undefined || before.isStarted;
    this.#isReady = spec.readinessProbe === undefined || before.isReady;
    this.#begin();
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isReady(): boolean {
    return this.#isStarted && this.#isReady;
  }

  get failed(): ContainerFailure | undefined {
    return this.#failed;
  }

  /** The Pod ends: whether it lives does not matter any more, whether it takes work does. */
  ending(): void {
    this.#isEnding = true;
    this.#end("startup");
    this.#end("liveness");
  }

  [Symbol.dispose](): void {
    for (const kind of [...this.#loops.keys()]) this.#end(kind);
  }

  #begin(): void {
    for (const { kind } of probeKinds) if ((kind === "startup") !== this.#isStarted) this.#loop(kind);
  }

  #loop(kind: ProbeKind): void {
    const { spec, clock, check, noticed, jitter } = this.#parts;
    const probe = spec[`${kind}Probe`];
    if (probe === undefined || (this.#isEnding && kind !== "readiness")) return;
    const delayMs = (probe.initialDelaySeconds ?? 0) * 1000 - (clock.monotonic() - this.#begunAt);
    const spreadMs = jitter() * (probe.periodSeconds ?? 10) * 1000;
    const loop = {
      probe,
      clock,
      check: () => check(probe),
      noticed: (result: Parameters<ProbeLoopParts["noticed"]>[0]) => noticed(kind, result),
      settled: (outcome: ProbeResult["outcome"]) => this.#settled(kind, outcome === "success"),
    };
    this.#loops.set(kind, new ProbeLoop(loop, Math.max(0, delayMs, spreadMs)));
  }

  #settled(kind: ProbeKind, isSuccess: boolean): void {
    if (kind === "readiness") {
      if (this.#isReady === isSuccess) return;
      this.#isReady = isSuccess;
    } else if (!isSuccess) {
      const { terminationGracePeriodSeconds: graceSeconds } = this.#parts.spec[`${kind}Probe`] ?? {};
      this.#failed = { kind, ...(graceSeconds === undefined ? {} : { graceSeconds }) };
      this.#end(kind);
    } else if (kind === "startup") {
      this.#end(kind);
      this.#isStarted = true;
      this.#begin();
    } else return;
    this.#parts.changed();
  }

  #end(kind: ProbeKind): void {
    this.#loops.get(kind)?.[Symbol.dispose]();
    this.#loops.delete(kind);
  }
}
