import type { JsonValue } from "@skerry/contracts";

/**
 * The control socket of a running node: HTTP over a unix socket that only the node's user may open.
 * `GET /v0/inspect` · `GET /v0/status` · `GET /v0/commands` · `POST /v0/commands/<name>`, which answers
 * with one JSON message a line.
 */
export interface CommandRequest {
  readonly arguments: readonly string[];
  readonly directory: string;
}

export type CommandMessage = { readonly out: string } | { readonly err: string } | { readonly exit: number };

export interface CommandListing {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
}

/** `skerry status` of one node. */
export interface NodeStatus {
  readonly node: string;
  readonly profile: string;
  readonly state: string;
  /** By section name: data for programs. */
  readonly sections: Readonly<Record<string, JsonValue>>;
  /** By section name: lines for people. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
}

/** Contents of `control.json` in a node's folder. */
export interface ControlFile {
  readonly socket: string;
  readonly pid: number;
}

/** Largest request body the control socket reads. */
export const maximumRequestBytes = 1024 * 1024;
