import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBE_EMBEDDED_PATCH: {
    family: "invalid",
    message: "{problem}",
    advice: "Read the object again and make the patch from what it is now.",
  },
});

export function patchError(problem: string): Error {
  return errors.create("SKERRY_KUBE_EMBEDDED_PATCH", { problem });
}

/** Deepest nesting that a patch may reach. */
export const deepestPatch = 128;
