import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FieldRule, fieldRules, type Verdict } from "../../src/edge/pod/supported-fields.ts";
import { unsupportedFields } from "../../src/edge/pod/unsupported-fields.ts";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

const page = join(import.meta.dirname, "../../../../docs/reference/pod-fields.md");
const words: Readonly<Record<Verdict, string>> = {
  yes: "yes",
  cloud: "in the cloud",
  satisfied: "satisfied",
  event: "no: event",
  refused: "no: not run",
};

function table(rules: readonly FieldRule[]): readonly string[] {
  const rows = rules.map(({ path, verdict, note, harmless = [] }) => {
    const except =
      harmless.length === 0 ? "" : ` (but for ${harmless.map((value) => `\`${JSON.stringify(value)}\``).join(", ")})`;
    return `| \`${path}\` | ${words[verdict]}${except} | ${note} |`;
  });
  return ["| field of `spec` | supported | |", "|---|---|---|", ...rows, ""];
}

describe("docs/reference/pod-fields.md", () => {
  it("says of every field what a node does with it", async () => {
    expect(fieldRules.length).toBeGreaterThan(120);
    expect(new Set(fieldRules.map(({ path }) => path)).size).toBe(fieldRules.length);
    const of = (start: RegExp) => fieldRules.filter(({ path }) => start.test(path));
    const text = [
      "# Fields of a Pod",
      "",
      "What an edge node does with the fields of a Pod's specification in Kubernetes 1.32. A test holds this page equal to the table that the node",
      "goes by.",
      "",
      "- **yes**: what it does in Kubernetes; behaviour, reasons and events are the kubelet's.",
      "- **in the cloud**: the API, the scheduler or a controller acts on it, the node need not.",
      "- **satisfied**: the sandbox of a WebAssembly container is at least as strict as what it asks for.",
      "- **no: event**: it does nothing. The Pod runs, and a Warning event `UnsupportedField` names the field, once.",
      "- **no: not run**: the Pod's containers are not started; they wait with `CreateContainerConfigError`, and an event `UnsupportedField` says why.",
      "",
      "A field that is not here is named in such an event as well. Nothing is ignored in silence.",
      "",
      "## The Pod",
      "",
      ...table(of(/^(?!containers|volumes)/)),
      "## Containers and init containers",
      "",
      ...table(of(/^containers/)),
      "## Volumes",
      "",
      ...table(of(/^volumes/)),
      "## With a container runtime",
      "",
      "Containers of `runtime-cri` are not confined by themselves. These fields are then another matter:",
      "",
      ...table(fieldRules.flatMap(({ path, withContainers }) => (withContainers ? [{ path, ...withContainers }] : []))),
      "## Beyond the specification",
      "",
      "| | |",
      "|---|---|",
      "| deletion | `deletionGracePeriodSeconds` is kept; the Pod's object goes when its node has let go of it |",
      "| a Pod that is gone from the cloud | is ended with the grace of its specification, and what it had is removed |",
      "| restart of the node | a container that does not outlive it is started again, and counted; the pauses between starts begin anew |",
      "| static Pods, `kubectl exec`, `attach`, `port-forward` | not yet |",
      "",
    ];
    await expect(text.join("\n")).toMatchFileSnapshot(page);
  });
});

describe("fields that a node does not support", () => {
  it("are none in what the API makes of an ordinary Pod", () => {
    const spec = {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
      priority: 0,
      schedulerName: "default-scheduler",
      securityContext: {},
      serviceAccount: "default",
      serviceAccountName: "default",
      nodeName: "edge-1",
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
      containers: [
        {
          name: "main",
          image: "scratch",
          imagePullPolicy: "Always",
          resources: { limits: { memory: "16Mi" }, requests: { memory: "16Mi" } },
          ports: [{ containerPort: 80, protocol: "TCP" }],
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsNonRoot: true },
        },
      ],
    };
    expect(unsupportedFields(spec, true)).toEqual([]);
  });

  it.each([
    [{ hostNetwork: true }, "spec.hostNetwork", true],
    [{ hostNetwork: false, hostPID: true }, "spec.hostPID", true],
    [{ securityContext: { runAsUser: 1000 } }, "spec.securityContext.runAsUser", false],
    [
      { initContainers: [{ name: "a", lifecycle: { stopSignal: "SIGINT" } }] },
      "spec.initContainers[a].lifecycle.stopSignal",
      false,
    ],
    [{ containers: [{ name: "a", livenessProbe: { exec: {} } }] }, "spec.containers[a].livenessProbe.exec", true],
    [
      { containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 1 } } }] },
      "spec.containers[a].resources.limits.nvidia.com/gpu",
      true,
    ],
    [
      { containers: [{ name: "a", securityContext: { capabilities: { add: ["NET_ADMIN"] } } }] },
      "spec.containers[a].securityContext.capabilities.add",
      true,
    ],
    [{ volumes: [{ name: "v", hostPath: { path: "/" } }] }, "spec.volumes[v].hostPath", true],
    [{ volumes: [{ name: "v", emptyDir: { sizeLimit: "1Mi" } }] }, "spec.volumes[v].emptyDir.sizeLimit", false],
    [{ fromTheFuture: 1 }, "spec.fromTheFuture", false],
  ])("are named: %j", (spec, field, isRefused) => {
    expect(unsupportedFields(spec, true)).toMatchObject([{ field, isRefused }]);
  });

  it.each([
    [{ securityContext: { fsGroup: 1000 } }, "spec.securityContext.fsGroup"],
    [{ hostUsers: false }, "spec.hostUsers"],
    [
      { containers: [{ name: "a", securityContext: { procMount: "Unmasked" } }] },
      "spec.containers[a].securityContext.procMount",
    ],
    [
      { containers: [{ name: "a", securityContext: { seccompProfile: { type: "Localhost" } } }] },
      "spec.containers[a].securityContext.seccompProfile",
    ],
  ])("are never passed over where they ask for less than a container may: %j", (spec, field) => {
    expect(unsupportedFields(spec, false)).toMatchObject([{ field, isRefused: true }]);
  });

  it("are none where they ask for what a container has", () => {
    const securityContext = {
      runAsNonRoot: true,
      runAsUser: 1000,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
      seccompProfile: { type: "RuntimeDefault" },
    };
    const containers = [{ name: "a", securityContext, resources: { limits: { cpu: "1" } } }];
    expect(unsupportedFields({ containers }, false)).toEqual([]);
  });

  it("are named in an event each, once, also over a restart", async () => {
    const spec = { containers: [container({ stdin: true, tty: true })] };
    const world = await EdgeWorld.start(podObject(spec));
    await world.restart();
    await world.exit("main", 1);
    await world.advance(10_000);
    expect(world.events().filter((event) => event.includes("UnsupportedField"))).toEqual([
      "1 UnsupportedField: spec.containers[main].stdin is not supported by this node: a container's input is empty",
      "1 UnsupportedField: spec.containers[main].tty is not supported by this node: there is no terminal",
    ]);
    expect(world.main()?.restartCount).toBe(2);
  });

  it("keep a Pod from running where it could not do what it is for", async () => {
    const world = await EdgeWorld.start(podObject({ hostNetwork: true }));
    const message =
      "spec.hostNetwork is not supported by this node, and the Pod is not run: a container has no network";
    expect(world.events()).toEqual([`1 UnsupportedField: ${message}`]);
    expect(world.status().phase).toBe("Pending");
    expect(world.main()?.state.waiting).toEqual({ reason: "CreateContainerConfigError", message });
    expect(world.runtime.calls).toEqual([]);
  });
});
