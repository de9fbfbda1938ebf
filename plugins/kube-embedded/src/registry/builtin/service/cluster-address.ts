import { serviceUnavailable } from "../../../api/status-error.ts";
import { textAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";

/** 10.96.0.0/16, without its first addresses: .1 is the API's in every cluster. */
const first = 10;
const last = 65_534;

/** The lowest address of the services' network that no service has. */
export function freeAddress(services: readonly ApiObject[]): string {
  const taken = new Set(services.map((service) => textAt(service, "spec", "clusterIP")));
  for (let i = first; i <= last; i++) {
    const address = addressAt(i);
    if (!taken.has(address)) return address;
  }
  throw serviceUnavailable("all addresses of 10.96.0.0/16 are taken by services; delete some");
}

function addressAt(i: number): string {
  return `10.96.${i >> 8}.${i & 255}`;
}

export function isServiceAddress(address: string): boolean {
  const parts = address.split(".");
  return (
    parts.length === 4 &&
    parts[0] === "10" &&
    parts[1] === "96" &&
    parts.every((it) => /^\d{1,3}$/.test(it) && Number(it) < 256)
  );
}
