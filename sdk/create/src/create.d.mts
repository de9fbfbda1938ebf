/** Makes a package and says what to do next. Exit code: 0 done, 1 failed, 2 refused; nothing is written unless it is done. */
export function create(
  argv: readonly string[],
  caller: { readonly directory: string; out(text: string): void; err(text: string): void },
): 0 | 1 | 2;
