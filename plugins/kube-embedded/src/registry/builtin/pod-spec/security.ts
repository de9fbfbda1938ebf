import { each, int64, listOf, record, text, texts, truth } from "../schema-parts.ts";

const shared = {
  seLinuxOptions: record(texts("user", "role", "type", "level")),
  windowsOptions: record({
    ...texts("gmsaCredentialSpecName", "gmsaCredentialSpec", "runAsUserName"),
    hostProcess: truth,
  }),
  ...each(int64, "runAsUser", "runAsGroup"),
  runAsNonRoot: truth,
  seccompProfile: record(texts("type", "localhostProfile"), { required: ["type"] }),
  appArmorProfile: record(texts("type", "localhostProfile"), { required: ["type"] }),
};

export const containerSecurityContext = record(
  {
    ...shared,
    capabilities: record({ add: listOf(text), drop: listOf(text) }),
    ...each(truth, "privileged", "readOnlyRootFilesystem", "allowPrivilegeEscalation"),
    procMount: text,
  },
  { description: "Security options of the container; they go before the pod's." },
);

export const podSecurityContext = record(
  {
    ...shared,
    supplementalGroups: listOf(int64),
    supplementalGroupsPolicy: text,
    fsGroup: int64,
    fsGroupChangePolicy: text,
    seLinuxChangePolicy: text,
    sysctls: listOf(record(texts("name", "value"), { required: ["name", "value"] })),
  },
  { description: "Security options of all containers of the pod." },
);
