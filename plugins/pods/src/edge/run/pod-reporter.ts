import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@skerry/contracts";
import { type PodReport, podUplinkType } from "../../shared/pod-report.ts";
import type { PodEvents } from "../pod-events.ts";
import type { NodeContext } from "./pod-context.ts";
import type { PodMemory } from "./pod-memory.ts";

/** Tells the cloud of one Pod, and remembers what was told. */
export class PodReporter {
  readonly #key: { readonly type: string; readonly name: string };
  #told: PodReport | undefined;
  #isDue = false;

  /** @param isTold what is remembered was told, by an earlier process of this node */
  constructor(
    private readonly node: NodeContext,
    private readonly memory: PodMemory,
    private readonly events: PodEvents,
    isTold: boolean,
  ) {
    const { namespace, name, uid } = memory.identity;
    this.#key = { type: podUplinkType, name: `${namespace}/${name}/${uid}` };
    this.#told = isTold ? memory.report(events) : undefined;
  }

  /** The next report is told also when it is the same: somebody may have changed the Pod in the meantime. */
  repeat(): void {
    this.#isDue = true;
  }

  /** Resolves when the state of the Pod is on its way and on the disk. */
  async tell(): Promise<void> {
    const report = this.memory.report(this.events);
    if (!this.#isDue && isDeepStrictEqual(report, this.#told)) return;
    this.#isDue = false;
    try {
      await this.node.uplink.put(this.#key, report as unknown as JsonValue);
    } catch (error) {
      this.#isDue = true;
      throw error;
    }
    await this.node.records.put(this.memory.record(this.events, true));
    this.#told = report;
  }

  /** Keeps what is known now, told or not. */
  async remember(): Promise<void> {
    await this.node.records.put(this.memory.record(this.events, false));
  }

  /** The Pod is gone from the cloud and from here. */
  async forget(): Promise<void> {
    await this.node.uplink.forget(this.#key);
    await this.node.records.remove(this.memory.identity.uid);
  }
}
