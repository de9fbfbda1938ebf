import type { Sealer, StatusReport, StatusSection } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import type { FileSealer } from "./file-sealer.ts";

/** For the plugin's own classes. */
export const FileSealerToken = defineToken<FileSealer>("seal-file.sealer/1");

/** Where the key is, in `skerry status`. */
export class SealSection implements StatusSection {
  readonly name = "seal";

  constructor(@inject(FileSealerToken) private readonly sealer: Sealer) {}

  async collect(): Promise<StatusReport> {
    const { keeper } = this.sealer;
    return { data: { keeper }, lines: [`Secrets are sealed by the key of the ${keeper}`] };
  }
}
