import { rm } from "node:fs/promises";
import type { Home } from "../home.ts";
import { replaceFile } from "./write-file.ts";

/** Contents of `endpoints.json`: what a script needs to use a running `skerry up`. */
export interface Endpoints {
  readonly kubeconfig: string;
  readonly mqtt: string;
  readonly meter: string;
  readonly pids: Readonly<Record<string, number>>;
}

export function writeEndpoints(home: Home, endpoints: Endpoints): Promise<void> {
  return replaceFile(home.file("endpoints.json"), `${JSON.stringify(endpoints)}\n`);
}

export function removeEndpoints(home: Home): Promise<void> {
  return rm(home.file("endpoints.json"), { force: true });
}
