import type { JsonObject } from "../kinds.ts";
import type { Column } from "./column.ts";
import { memberAt, objectsAt, textAt } from "./member-at.ts";
import { textColumn } from "./text-column.ts";

const rolePrefix = "node-role.kubernetes.io/";
const roleLabel = "kubernetes.io/role";

/** The columns of a Node after its name. */
export function nodeColumns(age: Column): readonly Column[] {
  const info = (member: string) => (object: JsonObject) => textAt(object, "status", "nodeInfo", member) || "<unknown>";
  return [
    textColumn("Status", "The status of the node", statusOf),
    textColumn("Roles", "The roles of the node", rolesOf),
    age,
    textColumn("Version", "Kubelet Version reported by the node.", (object) =>
      textAt(object, "status", "nodeInfo", "kubeletVersion"),
    ),
    textColumn("Internal-IP", "List of addresses reachable to the node.", addressOf("InternalIP"), 1),
    textColumn("External-IP", "List of addresses reachable to the node.", addressOf("ExternalIP"), 1),
    textColumn("OS-Image", "OS Image reported by the node from /etc/os-release.", info("osImage"), 1),
    textColumn("Kernel-Version", "Kernel Version reported by the node from 'uname -r'.", info("kernelVersion"), 1),
    textColumn("Container-Runtime", "ContainerRuntime Version.", info("containerRuntimeVersion"), 1),
  ];
}

function statusOf(node: JsonObject): string {
  const ready = objectsAt(node, "status", "conditions").find((condition) => condition["type"] === "Ready");
  const words = [ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady"];
  if (memberAt(node, "spec", "unschedulable") === true) words.push("SchedulingDisabled");
  return words.join(",");
}

function rolesOf(node: JsonObject): string {
  const labels = Object.entries(memberAt(node, "metadata", "labels") ?? {});
  const roles = labels.flatMap(([label, value]) => {
    if (label.startsWith(rolePrefix)) return [label.slice(rolePrefix.length)];
    return label === roleLabel ? [String(value)] : [];
  });
  const named = [...new Set(roles)].filter((role) => role !== "").sort();
  return named.length === 0 ? "<none>" : named.join(",");
}

function addressOf(type: string): (node: JsonObject) => string {
  return (node) => {
    const found = objectsAt(node, "status", "addresses").find((address) => address["type"] === type);
    return found === undefined ? "<none>" : textAt(found, "address");
  };
}
