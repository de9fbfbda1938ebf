import type { JsonObject } from "../../kinds.ts";
import { objectsAt, textAt } from "../../printing/member-at.ts";

/** A port of the node's own addresses. */
export interface HostPort {
  /** `0.0.0.0` stands for every address. */
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

const everyAddress = "0.0.0.0";

/** The ports of the node that the containers of a Pod take. */
export function hostPortsOf(pod: JsonObject): readonly HostPort[] {
  return objectsAt(pod, "spec", "containers")
    .flatMap((container) => objectsAt(container, "ports"))
    .flatMap((item) => {
      const port = item["hostPort"];
      if (typeof port !== "number" || port <= 0) return [];
      return [{ address: textAt(item, "hostIP") || everyAddress, protocol: textAt(item, "protocol") || "TCP", port }];
    });
}

/** Whether two Pods of a node could not both have what they ask for. */
export function isSamePort(left: HostPort, right: HostPort): boolean {
  if (left.port !== right.port || left.protocol !== right.protocol) return false;
  return left.address === right.address || left.address === everyAddress || right.address === everyAddress;
}
