import type { Random } from "@skerry/contracts";

/** Kubernetes' alphabet for generated names: no vowels, so that no words come out. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
const longestName = 63;

/** `metadata.generateName` with a random suffix; a long prefix is cut so that the name stays a label. */
export function generatedName(prefix: string, random: Random): string {
  const suffix = Array.from({ length: suffixLength }, () => alphabet[Math.floor(random.next() * alphabet.length)]);
  return prefix.slice(0, longestName - suffixLength) + suffix.join("");
}
