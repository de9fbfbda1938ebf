import { StatusError } from "../../api/status-error.ts";

/** Whether something could not be created because its namespace is going: then it does not have to be. */
export function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError && (error.details.causes ?? []).some((it) => it.reason === "NamespaceTerminating")
  );
}
