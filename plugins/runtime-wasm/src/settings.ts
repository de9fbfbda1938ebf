import { settingsToken } from "@skerry/contracts";

/** The settings of `runtime-wasm`; plugin.json describes them. */
export interface WasmSettings {
  readonly containers: number;
  readonly memoryBytes: number;
  readonly moduleBytes: number;
  readonly logBytes: number;
  readonly registryCa?: string;
}

export const WasmSettings = settingsToken<WasmSettings>();
