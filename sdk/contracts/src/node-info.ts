import { defineToken } from "@skerry/plugin";

/** Who this kernel is. */
export interface NodeInfo {
  /** Name of the Kubernetes Node for an edge kernel; a free name in the cloud. RFC 1123 subdomain. */
  readonly name: string;
  /** `cloud`, `edge`, … : the profile it booted with. */
  readonly profile: string;
  /** Absolute path of the folder that holds this kernel's state. Relative paths in settings start here. */
  readonly home: string;
  /** Absolute path of the folder with the programs of this installation: where a plugin finds `<plugin>-worker.cjs`. */
  readonly programs: string;
  /** Version of Skerry. */
  readonly version: string;
}

export const NodeInfo = defineToken<NodeInfo>("kernel.node-info/1");
