/** Largest body of a request, and largest object, in bytes; beyond it `413`. */
export const largestBody = 3 * 1024 * 1024;

/** Deepest nesting of a body, and of anything that is stored. */
export const deepestJson = 64;
