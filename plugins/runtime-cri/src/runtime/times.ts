/** Milliseconds since the Unix epoch of nanoseconds since then. `undefined`: 0, which says that it has not happened. */
export function milliseconds(nanoseconds: unknown): number | undefined {
  return typeof nanoseconds === "number" && nanoseconds > 0 ? Math.floor(nanoseconds / 1e6) : undefined;
}
