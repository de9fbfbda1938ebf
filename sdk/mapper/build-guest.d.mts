export function buildGuest(options: {
  readonly entry: string;
  readonly outFile: string;
}): Promise<{ readonly built: boolean }>;
