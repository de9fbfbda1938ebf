import { errorMessage, SkerryError } from "@skerry/plugin";
import { errors } from "../errors.ts";

/** The error for an answer that is none of the 2xx: the server's own words, and whose move it is. */
export function failureOf(status: number, text: string, subject: string): SkerryError {
  const problem = `${messageOf(text) || "no message"} (${status})`;
  return errors.create(codeOf(status), { subject, problem });
}

/** The error for a request that got no answer; one that already says more is left as it is. */
export function noAnswer(subject: string, cause: unknown): SkerryError {
  if (cause instanceof SkerryError) return cause;
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  return errors.create("SKERRY_KUBE_UNAVAILABLE", { subject, problem: errorMessage(inner) }, cause);
}

function codeOf(status: number) {
  if (status === 401 || status === 403) return "SKERRY_KUBE_FORBIDDEN";
  if (status === 404) return "SKERRY_KUBE_NOT_FOUND";
  if (status === 409) return "SKERRY_KUBE_CONFLICT";
  return status >= 500 || status === 408 || status === 410 || status === 429
    ? "SKERRY_KUBE_UNAVAILABLE"
    : "SKERRY_KUBE_INVALID";
}

/** The message of a Status, or the beginning of whatever came instead of one. */
function messageOf(text: string): string {
  try {
    const status = JSON.parse(text) as { readonly message?: unknown };
    if (typeof status.message === "string") return status.message;
  } catch {
    // Proxies answer with pages of their own; their beginning says more than "not JSON".
  }
  return text.slice(0, 200);
}
