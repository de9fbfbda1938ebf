/** Resolves when the signal is aborted, and keeps the process alive until then: signal handlers alone do not. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const alive = setInterval(() => undefined, 60_000);
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      clearInterval(alive);
      resolve();
    });
  });
}
