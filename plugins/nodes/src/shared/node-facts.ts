import type { JsonObject, JsonValue } from "@skerry/contracts";

/** What an edge node says of its machine, under the uplink type `node` and its own name. */
export interface NodeFacts {
  readonly hostname: string;
  /** Pretty name of the operating system, for instance `Debian GNU/Linux 12 (bookworm)`. */
  readonly osImage: string;
  readonly kernelVersion: string;
  /** As in image names: `amd64`, `arm64`, `arm`. */
  readonly architecture: string;
  /** As in node labels, for instance `linux`. */
  readonly operatingSystem: string;
  readonly bootId: string;
  readonly machineId: string;
  /** What `kubectl get nodes` shows as version. */
  readonly kubeletVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Size of the file system that holds this kernel's state. */
  readonly storageBytes: number;
  /** How many Pods may be scheduled here. */
  readonly pods: number;
  readonly addresses: readonly NodeAddress[];
  readonly pressures: readonly NodePressure[];
  /** What runs Pods here; absent from nodes that know none. */
  readonly runtimes?: readonly NodeRuntime[];
}

export interface NodeRuntime {
  readonly name: string;
  readonly version: string;
  /** The handlers of RuntimeClasses that it answers for. `""` is the node's default. */
  readonly handlers: readonly string[];
}

export interface NodeAddress {
  readonly type: "InternalIP" | "Hostname";
  readonly address: string;
}

export interface NodePressure {
  readonly type: "MemoryPressure" | "DiskPressure";
  readonly status: "True" | "False";
  /** CamelCase word. */
  readonly reason: string;
  readonly message: string;
}

export const nodeUplinkType = "node";

const texts = [
  "hostname",
  "osImage",
  "kernelVersion",
  "architecture",
  "operatingSystem",
  "bootId",
  "machineId",
  "kubeletVersion",
];
const numbers = ["cpus", "memoryBytes", "storageBytes", "pods"];
const longestText = 256;
const mostItems = 32;

/** The facts in an uplink value, or what is wrong with it. */
export function parseNodeFacts(value: JsonValue): NodeFacts | string {
  if (!isObject(value)) return "expected an object";
  const text = texts.find((field) => !isText(value[field]));
  if (text !== undefined) return `expected a string of at most ${longestText} characters at ${text}`;
  const number = numbers.find((field) => !isCount(value[field]));
  if (number !== undefined) return `expected a whole number at ${number}`;
  const isAddress = (item: JsonObject) =>
    ["InternalIP", "Hostname"].includes(String(item["type"])) && isText(item["address"]);
  if (!isList(value["addresses"], isAddress)) return "expected type and address in every member of addresses";
  const isPressure = (item: JsonObject) =>
    ["MemoryPressure", "DiskPressure"].includes(String(item["type"])) &&
    ["True", "False"].includes(String(item["status"])) &&
    isText(item["reason"]) &&
    isText(item["message"]);
  if (!isList(value["pressures"], isPressure)) return "expected type, status, reason and message in every pressure";
  const isRuntime = (item: JsonObject) =>
    isText(item["name"]) && isText(item["version"]) && isHandlers(item["handlers"]);
  if (value["runtimes"] !== undefined && !isList(value["runtimes"], isRuntime)) {
    return "expected name, version and handlers in every member of runtimes";
  }
  return value as unknown as NodeFacts;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length <= longestText;
}

function isHandlers(value: unknown): boolean {
  return Array.isArray(value) && value.length <= mostItems && value.every(isText);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isList(value: unknown, fits: (item: JsonObject) => boolean): boolean {
  return (
    Array.isArray(value) && value.length <= mostItems && value.every((item: unknown) => isObject(item) && fits(item))
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
