import { Sealer, statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { CredentialsFolder, FileSealer, SystemdCredentials } from "./file-sealer.ts";
import manifest from "./plugin.json" with { type: "json" };
import { FileSealerToken, SealSection } from "./seal-section.ts";

export { AesSealer } from "./aes-sealer.ts";
export { FileSealer } from "./file-sealer.ts";
export { readSealKey } from "./seal-key.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(CredentialsFolder, SystemdCredentials);
  scope.bind(FileSealerToken, FileSealer);
  scope.provide(Sealer, FileSealer);
  scope.contribute(statusSectionPoint, SealSection);
});
