import { errors } from "../errors.ts";

export interface JoinBody {
  readonly csr: string;
  readonly name: string | undefined;
  readonly hostname: string;
}

/** Throws `SKERRY_ENROLMENT_BAD_REQUEST`. */
export function readJoinBody(bytes: Uint8Array): JoinBody {
  const { csr, name, hostname } = readObject(bytes);
  if (typeof csr !== "string" || typeof hostname !== "string" || (name !== undefined && typeof name !== "string")) {
    throw bad("needs csr and hostname, and may have a name, as text");
  }
  return { csr, name, hostname };
}

/** Throws `SKERRY_ENROLMENT_BAD_REQUEST`. */
export function readRenewBody(bytes: Uint8Array): { readonly csr: string } {
  const { csr } = readObject(bytes);
  if (typeof csr !== "string") throw bad("needs a csr, as text");
  return { csr };
}

function readObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw bad("is no JSON object");
}

function bad(problem: string) {
  return errors.create("SKERRY_ENROLMENT_BAD_REQUEST", { problem });
}
