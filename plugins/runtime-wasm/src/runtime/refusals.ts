import { runtimeErrors } from "@skerry/contracts";
import type { SkerryError } from "@skerry/plugin";

/** Name of this runtime, in `RuntimeInfo` and in errors. */
export const runtimeName = "skerry-wasm";

export function noSuch(what: "sandbox" | "container", id: string): SkerryError {
  return runtimeErrors.create("SKERRY_RUNTIME_NO_SUCH", { what, id, runtime: runtimeName });
}

export function wrongState(what: "sandbox" | "container", id: string, state: string, expected: string): SkerryError {
  return runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", { what, id, state, expected });
}

export function badContainer(container: string, problem: string): SkerryError {
  return runtimeErrors.create("SKERRY_RUNTIME_BAD_CONTAINER", { container, problem });
}

export function full(limit: number): SkerryError {
  return runtimeErrors.create("SKERRY_RUNTIME_FULL", { runtime: runtimeName, limit });
}

export function stopped(): SkerryError {
  return runtimeErrors.create("SKERRY_RUNTIME_STOPPED", { runtime: runtimeName });
}

export function noExec(): SkerryError {
  return runtimeErrors.create("SKERRY_RUNTIME_NO_EXEC", { runtime: runtimeName });
}
