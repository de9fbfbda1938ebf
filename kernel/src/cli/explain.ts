import { errorAdvice, errorCode, errorMessage } from "@skerry/plugin";

/**
 * Anything thrown as a person reads it: what is wrong, and, where the error says so, what to do. Errors
 * are told by their fields, not by their class: each bundle has a class of its own.
 */
export function explain(error: unknown): string {
  const advice = errorAdvice(error);
  const next = advice === undefined ? "" : `  ${advice} [${errorCode(error)}]\n`;
  return `${errorMessage(error)}\n${next}`;
}
