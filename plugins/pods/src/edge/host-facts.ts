import os from "node:os";
import type { Place } from "./pod/fields.ts";

/** Links between containers are no addresses of the node. */
const virtual = /^(docker|br-|veth|cni|flannel|cali|virbr|kube-)/;

/** What Pods are told of this machine: its first address of each family, as its Node has them, and its size. */
export function hostFacts(): Omit<Place, "podIps"> {
  const usable = Object.entries(os.networkInterfaces())
    .filter(([name]) => !virtual.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
  const first = (wanted: string) => usable.filter(({ family }) => family === wanted).slice(0, 1);
  return {
    hostIps: [...first("IPv4"), ...first("IPv6")].map(({ address }) => address),
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
  };
}
