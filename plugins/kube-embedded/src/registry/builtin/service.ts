import { type FieldError, isJsonObject, type JsonObject } from "../../kinds.ts";
import { textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../api-object.ts";
import { builtInKind } from "./built-in-kind.ts";
import { mapped } from "./pod/spec-defaults.ts";
import {
  about,
  byDefault,
  condition,
  each,
  int32,
  intOrString,
  kindSchema,
  listByKey,
  listOf,
  mapOf,
  record,
  text,
  texts,
  truth,
} from "./schema-parts.ts";
import { freeAddress } from "./service/cluster-address.ts";
import { validateService } from "./service/validate-service.ts";

const port = record(
  {
    name: about(text, "Name of the port; needed where there are several."),
    protocol: byDefault(text, "TCP"),
    appProtocol: text,
    port: about(int32, "The port of the service."),
    targetPort: about(intOrString, "Number or name of the port of the pods."),
    nodePort: int32,
  },
  { required: ["port"] },
);

const ingress = record({
  ...texts("ip", "hostname", "ipMode"),
  ports: listOf(record({ port: int32, protocol: text, error: text }, { required: ["port", "protocol"] })),
});

export const serviceStorage = "/services";

export const serviceKind = builtInKind({
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  hasStatus: true,
  selectableFields: ["spec.clusterIP", "spec.type"],
  schema: kindSchema("Service is a named abstraction of software service.", {
    spec: record(
      {
        ports: listByKey("port", port, "Ports of the service."),
        selector: mapOf(text, "Labels of the pods that the service leads to."),
        clusterIP: about(text, "Address of the service, or None."),
        clusterIPs: listOf(text),
        type: about(byDefault(text, "ClusterIP"), "ClusterIP, NodePort, LoadBalancer or ExternalName."),
        externalIPs: listOf(text),
        sessionAffinity: byDefault(text, "None"),
        ...texts("loadBalancerIP", "externalName", "externalTrafficPolicy", "internalTrafficPolicy"),
        ...texts("ipFamilyPolicy", "loadBalancerClass", "trafficDistribution"),
        loadBalancerSourceRanges: listOf(text),
        healthCheckNodePort: int32,
        ...each(truth, "publishNotReadyAddresses", "allocateLoadBalancerNodePorts"),
        sessionAffinityConfig: record({ clientIP: record({ timeoutSeconds: int32 }) }),
        ipFamilies: listOf(text),
      },
      { description: "The behavior of a service." },
    ),
    status: record(
      { loadBalancer: record({ ingress: listOf(ingress) }), conditions: listByKey("type", condition) },
      { description: "Most recently observed status of the service." },
    ),
  }),
  unserved: { proxy: "this server is no proxy to services" },
  strategy: {
    forCreate: (service, { list }) => ({
      ...service,
      spec: completed(specOf(service), list(serviceStorage)),
      status: { loadBalancer: {} },
    }),
    forUpdate: (service, old, { list }) => {
      const spec = specOf(service);
      const address = textAt(old, "spec", "clusterIP");
      // As in Kubernetes: who leaves the address out means to keep it.
      const kept = (spec["clusterIP"] ?? "") === "" && address !== "" ? { ...spec, clusterIP: address } : spec;
      return { ...service, spec: completed(kept, list(serviceStorage)) };
    },
    validate: (service: ApiObject, old: ApiObject | undefined, target): readonly FieldError[] =>
      target === "status" ? [] : validateService(service, old),
  },
});

function completed(spec: JsonObject, others: readonly ApiObject[]): JsonObject {
  const type = spec["type"];
  const withPorts = { ...spec, ...mapped(spec, "ports", withTarget) };
  const isExposed = type === "NodePort" || type === "LoadBalancer";
  if (type === "ExternalName") return { sessionAffinity: "None", ...withoutAddress(withPorts) };
  const given = spec["clusterIP"];
  const clusterIP = typeof given === "string" && given !== "" ? given : freeAddress(others);
  return {
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ...(isExposed ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
    ...withPorts,
    clusterIP,
    clusterIPs: [clusterIP],
    ...affinityOf(spec),
  };
}

function affinityOf(spec: JsonObject): JsonObject {
  if (spec["sessionAffinity"] !== "ClientIP" || spec["sessionAffinityConfig"] !== undefined) return {};
  return { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } };
}

function withTarget(port: JsonObject): JsonObject {
  const target = port["targetPort"];
  const isUnset = target === undefined || target === 0 || target === "";
  return isUnset && port["port"] !== undefined ? { ...port, targetPort: port["port"] } : port;
}

function withoutAddress({ clusterIP: _, clusterIPs: __, ...spec }: JsonObject): JsonObject {
  return spec;
}

function specOf(service: ApiObject): JsonObject {
  return isJsonObject(service["spec"]) ? service["spec"] : {};
}
