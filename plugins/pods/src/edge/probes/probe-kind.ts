export type ProbeKind = "startup" | "liveness" | "readiness";

/** As the fields of a container are called, and as events begin. */
export const probeKinds = [
  { kind: "startup", field: "startupProbe", title: "Startup" },
  { kind: "liveness", field: "livenessProbe", title: "Liveness" },
  { kind: "readiness", field: "readinessProbe", title: "Readiness" },
] as const;
