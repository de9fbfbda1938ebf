/** Makes a package and says what to do next. Gives the exit code: 0 done, 2 refused, with nothing written. */
export function create(
  argv: readonly string[],
  caller: { readonly directory: string; out(text: string): void; err(text: string): void },
): 0 | 2;
