import { defineToken } from "@skerry/plugin";
import type { RuntimeInfo } from "./workload-runtime.ts";

/** Which runtimes run Pods on this node. */
export interface RuntimeCatalog {
  /** Those that started, in boot order. Empty: the node runs no Pods. */
  list(): readonly RuntimeInfo[];
}

export const RuntimeCatalog = defineToken<RuntimeCatalog>("workloads.runtime-catalog/1");
