import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_RUNTIME_WASM_NO_PROGRAM: {
    family: "manifest",
    message: "the program that runs a container is not there: {file}",
    advice: "Build or install Skerry again.",
  },
  SKERRY_RUNTIME_WASM_BAD_CA: {
    family: "settings",
    message: "cannot read the certificate authorities of registries, {file}: {problem}",
    advice: "Correct the setting registryCa of runtime-wasm.",
  },
});
