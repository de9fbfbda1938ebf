/**
 * What becomes of a field of a Pod's specification on this node: `yes` it does what it does in Kubernetes · `cloud` the API,
 * scheduler or controllers act on it · `satisfied` the sandbox is stricter than what it asks for · `event` it does nothing
 * and an event says so · `refused` the Pod's containers are not started, and an event says why.
 */
export type Verdict = "yes" | "cloud" | "satisfied" | "event" | "refused";

export interface Judgement {
  readonly verdict: Verdict;
  /** For users: what it does here, or what happens instead. */
  readonly note: string;
  /** Values, as JSON, that ask for nothing special. */
  readonly harmless?: readonly unknown[];
}

export interface FieldRule extends Judgement {
  /** Below `spec`; `[]` stands for each entry of a list. Rules of `containers[]` hold for init containers as well. */
  readonly path: string;
  /** Where it is another with a container runtime, whose programs are not confined by themselves. */
  readonly withContainers?: Judgement;
}

const rule = (path: string, verdict: Verdict, note: string, ...harmless: readonly unknown[]): FieldRule =>
  harmless.length === 0 ? { path, verdict, note } : { path, verdict, note, harmless };

/** What a confined program cannot do anyway, a container might: a wish for less is not passed over. */
const wish = (verdict: "satisfied" | "event", path: string, note: string, withContainers: Judgement): FieldRule => ({
  ...rule(path, verdict, note),
  withContainers,
});
/** What a confined program cannot have, and a container can. */
const confined = (path: string, note: string, withContainers: string): FieldRule => ({
  ...rule(path, "refused", note, false),
  withContainers: { verdict: "yes", note: withContainers },
});
const held: Judgement = { verdict: "yes", note: "held by the runtime" };
const notHeld = (...harmless: readonly unknown[]): Judgement => ({
  verdict: "refused",
  note: "containers are not confined in this way yet",
  harmless,
});
const seccomp = notHeld({ type: "RuntimeDefault" }, { type: "Unconfined" });

const noNetwork = "a container has no network";
const noSystemCalls = "the sandbox lets no system call through";
const noUsers = "a container has no users of its own: it reads and writes what its mounts allow";

const noHttps = "a server is not asked whose certificate nothing vouches for; use HTTP, or `exec`";
const noExec = "a container is one program and starts no other";

/** What a program is asked that has no network, and none beside it. */
const asked = (path: string, note: string, withContainers: string): FieldRule => ({
  ...rule(path, "refused", note),
  withContainers: { verdict: "yes", note: withContainers },
});

function probeRules(field: "livenessProbe" | "readinessProbe" | "startupProbe"): readonly FieldRule[] {
  const at = (member: string) => `containers[].${field}.${member}`;
  return [
    asked(at("exec"), noExec, "by the runtime, without a shell"),
    asked(at("httpGet.port"), noNetwork, "a number or a name"),
    ...requestRules(at("httpGet")),
    asked(at("tcpSocket"), noNetwork, "from the node"),
    asked(at("grpc"), noNetwork, "`grpc.health.v1`, without TLS as in Kubernetes"),
    ...["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"].map(
      (member) => rule(at(member), "yes", "as in Kubernetes"),
    ),
    rule(at("terminationGracePeriodSeconds"), "yes", "in place of the Pod's, when this probe ends the container"),
  ];
}

function requestRules(path: string): readonly FieldRule[] {
  return [
    ...["host", "path", "httpHeaders"].map((member) => rule(`${path}.${member}`, "yes", "of the request")),
    rule(`${path}.scheme`, "refused", noHttps, "HTTP"),
  ];
}

function hookRules(name: "postStart" | "preStop"): readonly FieldRule[] {
  const at = (member: string) => `containers[].lifecycle.${name}.${member}`;
  return [
    asked(at("exec"), noExec, "by the runtime, without a shell"),
    asked(at("httpGet.port"), noNetwork, "a number or a name; any answer will do"),
    ...requestRules(at("httpGet")),
    rule(at("sleep"), "yes", "as in Kubernetes"),
    rule(at("tcpSocket"), "refused", "deprecated: Kubernetes takes it, and a kubelet fails the container"),
  ];
}

const podRules: readonly FieldRule[] = [
  rule("nodeName", "cloud", "the node whose Pods these are"),
  ...["affinity", "nodeSelector", "overhead", "preemptionPolicy", "priority", "priorityClassName", "schedulerName"].map(
    (path) => rule(path, "cloud", "for the scheduler"),
  ),
  ...["schedulingGates", "tolerations", "topologySpreadConstraints"].map((path) =>
    rule(path, "cloud", "for the scheduler"),
  ),
  rule("os", "cloud", "for the API"),
  rule(
    "runtimeClassName",
    "yes",
    "names the RuntimeClass whose handler a runtime of the node answers for; without one, the handler is empty",
  ),
  rule(
    "restartPolicy",
    "yes",
    "with the kubelet's back-off: 10 s, doubling to 5 min, forgotten after 10 min of running",
  ),
  rule("terminationGracePeriodSeconds", "yes", "also for a Pod that was deleted by force: it is ended with this grace"),
  rule("activeDeadlineSeconds", "yes", "counted from the time the node first saw the Pod"),
  rule("imagePullSecrets", "yes", "of type `kubernetes.io/dockerconfigjson`"),
  rule("hostname", "yes", "passed to the runtime"),
  rule("serviceAccountName", "yes", "as a field of the downward API, and for tokens in projected volumes"),
  rule("serviceAccount", "cloud", "the old name of `serviceAccountName`"),
  rule("automountServiceAccountToken", "cloud", "for the API"),
  rule("enableServiceLinks", "event", "no variables are made for Services", true, false),
  rule("dnsPolicy", "event", noNetwork, "ClusterFirst", "Default"),
  rule("dnsConfig", "event", noNetwork),
  {
    ...rule("hostAliases", "event", noNetwork, []),
    withContainers: { verdict: "yes", note: "in the Pod's `/etc/hosts`, which is written as the kubelet writes it" },
  },
  rule("subdomain", "event", noNetwork, ""),
  rule("setHostnameAsFQDN", "event", "the host name is the Pod's name", false),
  confined("hostNetwork", noNetwork, "the Pod's addresses are the node's"),
  confined("hostPID", "a container sees no processes", "held by the runtime"),
  confined("hostIPC", "a container sees no other processes' memory", "held by the runtime"),
  wish("satisfied", "hostUsers", noUsers, notHeld(true)),
  confined("shareProcessNamespace", "a container sees no processes", "the first process is the sandbox's"),
  rule("readinessGates", "refused", "conditions that others set do not reach the node", []),
  rule("resourceClaims", "refused", "there are no devices for containers", []),
  rule("resources", "event", "limits are those of the containers", {}),
  rule("ephemeralContainers", "event", "they are not run", []),
  wish("satisfied", "securityContext.runAsNonRoot", noUsers, held),
  wish("satisfied", "securityContext.appArmorProfile", noSystemCalls, notHeld({ type: "RuntimeDefault" })),
  wish("satisfied", "securityContext.seLinuxOptions", noSystemCalls, notHeld()),
  wish("satisfied", "securityContext.seccompProfile", noSystemCalls, seccomp),
  ...["fsGroup", "fsGroupChangePolicy", "supplementalGroupsPolicy"].map((field) =>
    wish("event", `securityContext.${field}`, noUsers, notHeld("Always", "Merge")),
  ),
  ...["runAsGroup", "runAsUser", "supplementalGroups"].map((field) =>
    wish("event", `securityContext.${field}`, noUsers, held),
  ),
  wish("satisfied", "securityContext.seLinuxChangePolicy", "files are not labelled", notHeld()),
  rule("securityContext.sysctls", "refused", "a container has no kernel of its own to tune", []),
  rule("securityContext.windowsOptions", "event", "for Windows"),
];

const containerRules: readonly FieldRule[] = [
  rule("containers[].name", "yes", "names the container, and the folder of its logs"),
  rule("containers[].image", "yes", "`scratch` is an empty root and is never fetched"),
  rule(
    "containers[].imagePullPolicy",
    "yes",
    "with `Always`, and a registry that cannot be reached, the image on the node is used and the event says so",
  ),
  rule("containers[].command", "yes", "with `$(NAME)` expanded"),
  rule("containers[].args", "yes", "with `$(NAME)` expanded"),
  rule("containers[].workingDir", "yes", "passed to the runtime"),
  rule("containers[].env[].name", "yes", ""),
  rule("containers[].env[].value", "yes", "with `$(NAME)` expanded"),
  rule("containers[].env[].valueFrom.configMapKeyRef", "yes", "read when the container is made"),
  rule("containers[].env[].valueFrom.secretKeyRef", "yes", "read when the container is made"),
  rule(
    "containers[].env[].valueFrom.fieldRef",
    "yes",
    "all fields of Kubernetes; `status.podIP` is empty without a network",
  ),
  rule("containers[].env[].valueFrom.resourceFieldRef", "yes", "a limit that is not set counts as what the node has"),
  rule("containers[].envFrom[].prefix", "yes", ""),
  rule("containers[].envFrom[].configMapRef", "yes", "keys that name no variable are skipped, with an event"),
  rule("containers[].envFrom[].secretRef", "yes", "keys that name no variable are skipped, with an event"),
  rule("containers[].resources.limits.memory", "yes", "held by the runtime; one that goes beyond is `OOMKilled`"),
  {
    ...rule("containers[].resources.limits.cpu", "event", "the WASM runtime does not hold a program to it"),
    withContainers: { verdict: "yes", note: "held by the runtime" },
  },
  rule("containers[].resources.requests.cpu", "yes", "passed to the runtime, and for the scheduler"),
  rule("containers[].resources.requests.memory", "cloud", "for the scheduler"),
  rule("containers[].resources.requests.ephemeral-storage", "cloud", "for the scheduler"),
  rule("containers[].resources.limits.ephemeral-storage", "event", "what a container writes is not limited"),
  rule("containers[].resources.limits.*", "refused", "there are no devices for containers"),
  rule("containers[].resources.requests.*", "refused", "there are no devices for containers"),
  rule("containers[].resources.claims", "refused", "there are no devices for containers", []),
  rule("containers[].resizePolicy", "event", "a container is not resized while it runs", []),
  rule("containers[].volumeMounts[].name", "yes", ""),
  rule("containers[].volumeMounts[].mountPath", "yes", ""),
  rule(
    "containers[].volumeMounts[].readOnly",
    "yes",
    "volumes made of ConfigMaps, Secrets and fields are always read-only",
  ),
  rule("containers[].volumeMounts[].subPath", "yes", "of a ConfigMap or Secret: as it was when the container was made"),
  rule("containers[].volumeMounts[].subPathExpr", "yes", "with `$(NAME)` expanded"),
  rule("containers[].volumeMounts[].mountPropagation", "event", "mounts are not passed on", "None"),
  wish(
    "satisfied",
    "containers[].volumeMounts[].recursiveReadOnly",
    "there are no mounts below a mount",
    notHeld("Disabled", "IfPossible"),
  ),
  rule("containers[].volumeDevices", "refused", "there are no block devices for containers", []),
  {
    ...rule(
      "containers[].terminationMessagePath",
      "event",
      "read if it lies in an `emptyDir` that the container mounts; else nothing is read",
      "/dev/termination-log",
    ),
    withContainers: { verdict: "yes", note: "a file that is mounted there; 4,096 bytes, 12 KiB for a Pod" },
  },
  rule("containers[].terminationMessagePolicy", "yes", "`FallbackToLogsOnError` takes the end of the log"),
  rule("containers[].restartPolicy", "yes", "`Always` on an init container makes it a sidecar"),
  ...probeRules("livenessProbe"),
  ...probeRules("readinessProbe"),
  ...probeRules("startupProbe"),
  ...hookRules("postStart"),
  ...hookRules("preStop"),
  rule("containers[].lifecycle.stopSignal", "event", "the image's is sent"),
  {
    ...rule("containers[].ports[].hostPort", "event", noNetwork, 0),
    withContainers: {
      verdict: "event",
      note: "no port is mapped; with `hostNetwork` it listens there anyway",
      harmless: [0],
    },
  },
  ...["containerPort", "hostIP", "name", "protocol"].map((field) =>
    rule(
      `containers[].ports[].${field}`,
      "satisfied",
      `says something and does nothing, as in Kubernetes; ${noNetwork}`,
    ),
  ),
  rule("containers[].stdin", "event", "a container's input is empty", false),
  rule("containers[].stdinOnce", "event", "a container's input is empty", false),
  rule("containers[].tty", "event", "there is no terminal", false),
  confined("containers[].securityContext.privileged", "a container has no privileges", "held by the runtime"),
  {
    ...rule("containers[].securityContext.capabilities.add", "refused", "a container has no capabilities", []),
    withContainers: held,
  },
  wish("satisfied", "containers[].securityContext.capabilities.drop", "a container has no capabilities", held),
  wish("satisfied", "containers[].securityContext.allowPrivilegeEscalation", "a container has no privileges", held),
  wish("satisfied", "containers[].securityContext.runAsNonRoot", noUsers, held),
  wish(
    "satisfied",
    "containers[].securityContext.readOnlyRootFilesystem",
    "the root of a container is read-only",
    held,
  ),
  wish("satisfied", "containers[].securityContext.appArmorProfile", noSystemCalls, notHeld({ type: "RuntimeDefault" })),
  wish("satisfied", "containers[].securityContext.procMount", noSystemCalls, notHeld("Default")),
  wish("satisfied", "containers[].securityContext.seLinuxOptions", noSystemCalls, notHeld()),
  wish("satisfied", "containers[].securityContext.seccompProfile", noSystemCalls, seccomp),
  ...["runAsGroup", "runAsUser"].map((field) => wish("event", `containers[].securityContext.${field}`, noUsers, held)),
  rule("containers[].securityContext.windowsOptions", "event", "for Windows"),
];

const volumeRules: readonly FieldRule[] = [
  rule("volumes[].name", "yes", ""),
  rule("volumes[].configMap", "yes", "with `items`, modes and `optional`; follows the ConfigMap, all files at once"),
  rule(
    "volumes[].secret",
    "yes",
    "with `items`, modes and `optional`; follows the Secret, all files at once. Its files are on the node's disk",
  ),
  rule("volumes[].downwardAPI", "yes", "with modes; follows labels and annotations"),
  rule("volumes[].projected.defaultMode", "yes", ""),
  rule("volumes[].projected.sources[].configMap", "yes", ""),
  rule("volumes[].projected.sources[].secret", "yes", ""),
  rule("volumes[].projected.sources[].downwardAPI", "yes", ""),
  rule(
    "volumes[].projected.sources[].serviceAccountToken",
    "yes",
    "asked for in the cloud, and renewed after 80 % of its life or a day; without the cloud, the one there is stays, past its end too. The file is on the node's disk",
  ),
  rule("volumes[].projected.sources[].clusterTrustBundle", "event", "the file is not made"),
  rule("volumes[].emptyDir.medium", "event", "it is on the node's disk", ""),
  rule("volumes[].emptyDir.sizeLimit", "event", "what a container writes is not limited"),
  rule("volumes[].*", "refused", "the node cannot mount it"),
];

/** Every field of a Pod's specification that Kubernetes 1.32 has. One that is missing here is named in an event. */
export const fieldRules: readonly FieldRule[] = [...podRules, ...containerRules, ...volumeRules];
