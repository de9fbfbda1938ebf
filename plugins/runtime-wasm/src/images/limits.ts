/** What is taken of an image. Beyond it the image is refused. */
export const imageLimits = {
  /** A manifest, an index, a configuration, a token. */
  documentBytes: 4 * 1024 * 1024,
  /** One layer as it comes. */
  layerBytes: 128 * 1024 * 1024,
  /** All files of an image, unpacked. */
  unpackedBytes: 256 * 1024 * 1024,
  files: 20_000,
  /** Silence of a registry. */
  idleMs: 30_000,
  redirects: 5,
} as const;
