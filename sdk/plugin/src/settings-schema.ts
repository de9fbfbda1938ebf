/**
 * The subset of JSON Schema that describes a plugin's settings. `description` is required on every
 * property: `skerry inspect` and the reference print it.
 */
export interface SettingsSchema {
  readonly properties: Readonly<Record<string, SettingSchema>>;
}

export interface SettingSchema {
  readonly type: "string" | "integer" | "number" | "boolean" | "object" | "array";
  readonly description: string;
  readonly default?: unknown;
  /** Without a default, a required setting must be given. */
  readonly required?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  /** Element type of an array. */
  readonly items?: Omit<SettingSchema, "description">;
  /** Members of an object. */
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  /** `true`: never printed. */
  readonly secret?: boolean;
}
