import type { User } from "../auth/user.ts";

/** A request after authentication, without its transport. */
export interface ApiRequest {
  /** Upper case. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body: Uint8Array;
  readonly user: User;
  /** Aborted when the client has gone or the server stops; it ends a watch. */
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Whole, or piece by piece: a long list, or a watch that goes on. */
  readonly body: string | Iterable<string> | AsyncIterable<string>;
  /** Sentences for `Warning` headers. */
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonAnswer(status: number, value: unknown, contentType = "application/json"): ApiAnswer {
  return { status, contentType, body: `${JSON.stringify(value)}\n` };
}
