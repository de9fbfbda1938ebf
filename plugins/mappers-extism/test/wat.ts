import binaryen from "binaryen";

/** Assembles WebAssembly text. What it uses is allowed: the meter has to do the refusing. */
export function wat(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  // With these on, binaryen writes encodings that Node 20 does not know.
  const newer = text.includes("struct") ? 0 : binaryen.Features.GC | binaryen.Features.CallIndirectOverlong;
  try {
    module.setFeatures(binaryen.Features.All & ~newer);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
