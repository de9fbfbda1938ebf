import { isSamePort } from "../host-port.ts";
import { always, type Filter, fits } from "./filter.ts";

const reason = ["node(s) didn't have free ports for the requested pod ports"];

/** Two Pods of a node cannot have one port of it. */
export const hostPorts: Filter = ({ ports }) => {
  if (ports.length === 0) return always;
  return (load) => (ports.some((port) => load.ports.some((used) => isSamePort(port, used))) ? reason : fits);
};
