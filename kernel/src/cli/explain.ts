import { errorAdvice, errorCode, errorMessage } from "@skerry/plugin";

/**
 * Anything thrown as a person reads it: what is wrong, and, where the error says so, what to do. Errors
 * are told by their fields, not by their class: each bundle has a class of its own.
 */
export function explain(error: unknown): string {
  const { advice, codes } = told(error);
  const next = advice === undefined ? "" : `  ${advice} [${codes.join(": ")}]\n`;
  return `${errorMessage(error)}\n${next}`;
}

/** The advice of the innermost error that gives one, which knows best, and the codes on the way to it. */
function told(error: unknown): { readonly advice: string | undefined; readonly codes: readonly string[] } {
  const advice = errorAdvice(error);
  if (advice === undefined) return { advice, codes: [] };
  const code = errorCode(error) ?? "";
  const inner = told(error instanceof Error ? error.cause : undefined);
  return { advice: inner.advice ?? advice, codes: [code, ...inner.codes] };
}
