import { objectKey } from "../registry/api-object.ts";
import { badRequest } from "./status-error.ts";

/** Where a list goes on: after which object, and in the state of which version. */
export interface ContinueToken {
  /** 0 continues in whatever state there is by then, after `410` for the older one. */
  readonly version: number;
  readonly after: string;
}

export function encodeContinue({ version, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: after })).toString("base64url");
}

/** Reads a token back; `400` for anything this server did not write. */
export function decodeContinue(token: string): ContinueToken {
  try {
    const parsed = JSON.parse(Buffer.from(token, "base64url").toString()) as { rv?: unknown; start?: unknown } | null;
    const { rv, start } = parsed ?? {};
    if (Number.isSafeInteger(rv) && typeof start === "string") return { version: rv as number, after: start };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest("continue key is not valid");
}

/** Compares as lists are sorted. */
export function isAfter(object: { readonly namespace?: string; readonly name: string }, after: string): boolean {
  return objectKey(object.namespace, object.name) > after;
}
