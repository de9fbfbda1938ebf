import { settingsToken } from "@skerry/contracts";

/** The settings of `mappers-extism`; plugin.json describes them. */
export interface MapperSettings {
  readonly directory: string;
  readonly memoryPages: number;
  readonly fuelPerCall: number;
  readonly fuelPerSecond: number;
  readonly effectsPerCall: number;
  readonly callsPerSecond: number;
  readonly queuedBytes: number;
  readonly logLinesPerSecond: number;
}

export const MapperSettings = settingsToken<MapperSettings>();
