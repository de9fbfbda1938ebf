import type { KubeApi } from "@skerry/contracts";

export interface KubeApiUnderTest {
  readonly api: KubeApi;
  /** Cuts the API off: requests fail and watches stand still. `connect` ends that. */
  disconnect(): void | Promise<void>;
  connect(): void | Promise<void>;
  stop?(): Promise<void>;
}
