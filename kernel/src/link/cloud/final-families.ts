/** Families of errors with which a receiver says that it will never take something. */
export const finalFamilies: ReadonlySet<string> = new Set(["denied", "invalid", "misuse"]);
