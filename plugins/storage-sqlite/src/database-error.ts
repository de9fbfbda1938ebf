import { storageErrors } from "@skerry/contracts";
import { errorCode, errorMessage, SkerryError } from "@skerry/plugin";
import { errors } from "./errors.ts";

/**
 * Turns what SQLite or the file system reported into an error of this package.
 * @param store the store whose batch failed, or `*` when none is concerned
 */
export function databaseError(cause: unknown, path: string, store: string): SkerryError {
  if (cause instanceof SkerryError) {
    return cause;
  }
  const reason = errorMessage(cause);
  switch (errorCode(cause)) {
    case "SQLITE_FULL":
    case "ENOSPC":
      return storageErrors.create("SKERRY_STORAGE_FULL", { store }, cause);
    case "SQLITE_CORRUPT":
    case "SQLITE_NOTADB":
      return errors.create("SKERRY_STORAGE_CORRUPT", { path, reason }, cause);
    case "SQLITE_BUSY":
      return errors.create("SKERRY_STORAGE_UNAVAILABLE", { path, reason: "another process uses it" }, cause);
    default:
      return errors.create("SKERRY_STORAGE_UNAVAILABLE", { path, reason }, cause);
  }
}
