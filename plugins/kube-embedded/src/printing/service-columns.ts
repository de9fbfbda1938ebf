import { isJsonObject, type JsonObject } from "../kinds.ts";
import type { Column } from "./column.ts";
import { memberAt, objectsAt, textAt } from "./member-at.ts";
import { textColumn } from "./text-column.ts";

/** How many endpoints, or ports, are shown of an EndpointSlice. */
const shownEndpoints = 3;

/** The columns of a Service after its name. */
export function serviceColumns(age: Column): readonly Column[] {
  return [
    textColumn("Type", "How the service is exposed.", (service) => textAt(service, "spec", "type")),
    textColumn("Cluster-IP", "Address of the service.", (service) => textAt(service, "spec", "clusterIP") || "<none>"),
    textColumn("External-IP", "Addresses by which the service is reached from outside.", externalAddresses),
    textColumn("Port(s)", "Ports of the service.", portsOf),
    age,
    textColumn("Selector", "Labels of the service's pods.", selectorOf, 1),
  ];
}

function externalAddresses(service: JsonObject): string {
  const type = textAt(service, "spec", "type");
  if (type === "ExternalName") return textAt(service, "spec", "externalName");
  const given = memberAt(service, "spec", "externalIPs");
  const own = Array.isArray(given) ? given.map(String) : [];
  if (type !== "LoadBalancer") return own.length === 0 ? "<none>" : own.join(",");
  const balanced = objectsAt(service, "status", "loadBalancer", "ingress").map(
    (ingress) => textAt(ingress, "ip") || textAt(ingress, "hostname"),
  );
  const all = [...balanced, ...own];
  return all.length === 0 ? "<pending>" : all.join(",");
}

function portsOf(service: JsonObject): string {
  const ports = objectsAt(service, "spec", "ports").map(({ port, nodePort, protocol }) =>
    typeof nodePort === "number" && nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.length === 0 ? "<none>" : ports.join(",");
}

function selectorOf(service: JsonObject): string {
  const selector = memberAt(service, "spec", "selector");
  const labels = Object.entries(isJsonObject(selector) ? selector : {}).map(([key, value]) => `${key}=${value}`);
  return labels.length === 0 ? "<none>" : labels.sort().join(",");
}

/** The columns of an EndpointSlice after its name. */
export function endpointSliceColumns(age: Column): readonly Column[] {
  return [
    textColumn("AddressType", "Type of the addresses.", (slice) => textAt(slice, "addressType")),
    textColumn("Ports", "Ports of the endpoints.", (slice) => {
      const ports = objectsAt(slice, "ports").map(({ port }) => (port === undefined ? "*" : String(port)));
      return ports.length === 0 ? "<unset>" : shortened(ports);
    }),
    textColumn("Endpoints", "Addresses of the endpoints.", (slice) => {
      const addresses = objectsAt(slice, "endpoints").flatMap(({ addresses: its }) =>
        Array.isArray(its) ? its.map(String) : [],
      );
      return addresses.length === 0 ? "<unset>" : shortened(addresses);
    }),
    age,
  ];
}

function shortened(items: readonly string[]): string {
  const shown = items.slice(0, shownEndpoints).join(",");
  return items.length > shownEndpoints ? `${shown} + ${items.length - shownEndpoints} more...` : shown;
}
