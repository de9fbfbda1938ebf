import type { SandboxConfig } from "@skerry/contracts";

/** A sandbox that asks for nothing in particular. */
export const plainSandbox: SandboxConfig = {
  pod: { namespace: "default", name: "a", uid: "u" },
  attempt: 0,
  handler: "",
  hostname: "a",
  logDirectory: "/tmp",
  labels: {},
  annotations: {},
};
