import type { Clock, Logger, Random, Replica, Uplink, WorkloadRuntime } from "@skerry/contracts";
import type { ImagePulls } from "../containers/image-pulls.ts";
import type { BackOff } from "../plan/back-off.ts";
import type { Place } from "../pod/fields.ts";
import type { Pod, PodIdentity } from "../pod/pod.ts";
import type { PodEvents } from "../pod-events.ts";
import type { PodObjects } from "../pod-objects.ts";
import type { PodRecords } from "../pod-records.ts";
import type { ProbeNetwork } from "../probes/probe-network.ts";
import type { TokenKeeper } from "../tokens/token-keeper.ts";
import type { PodFolders } from "../volumes/pod-folders.ts";
import type { VolumeWriter } from "../volumes/volume-writer.ts";
import type { Holds } from "./holds.ts";

/** What all Pods of a node share. */
export interface NodeContext {
  readonly replica: Replica;
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly records: PodRecords;
  readonly random: Random;
  /** Milliseconds since the Unix epoch when this process began. */
  readonly begunAt: number;
  readonly network: ProbeNetwork;
  readonly pulls: ImagePulls;
  readonly writer: VolumeWriter;
  readonly tokens: TokenKeeper;
  readonly home: string;
  readonly nodeName: string;
  place(): Omit<Place, "podIps">;
  runtimes(): readonly WorkloadRuntime[];
}

/** What the parts that look after one Pod share. */
export interface PodContext {
  readonly node: NodeContext;
  readonly identity: PodIdentity;
  readonly folders: PodFolders;
  readonly objects: PodObjects;
  readonly events: PodEvents;
  readonly backOff: BackOff;
  readonly holds: Holds;
  /** Asks for another look at the Pod. */
  readonly touch: () => void;
}

/** What one look does its actions with. */
export interface Run {
  readonly pod: Pod;
  readonly runtime: WorkloadRuntime;
  /** Of the Pod: its own, or the node's that it shares. */
  readonly podIps: readonly string[];
  /** When the grace of a Pod that ends is over, on the clock that never goes back. */
  readonly endsAt: number;
}

/** Between attempts at what fails for no reason of the Pod's, milliseconds: as long as the kubelet's. */
export const retryMs = 10_000;
