import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBE_EMBEDDED_SELECTOR: {
    family: "invalid",
    message: "unable to parse the {what} selector {text}: {problem}",
    advice: "See https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ for the syntax.",
  },
});

/** Longest selector, in characters. */
export const longestSelector = 16_384;

export function selectorError(what: "label" | "field", text: string, problem: string): Error {
  const shown = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
  return errors.create("SKERRY_KUBE_EMBEDDED_SELECTOR", { what, text: shown, problem });
}
