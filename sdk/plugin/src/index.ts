export {
  defineErrors,
  type ErrorDefinition,
  type ErrorDetails,
  type ErrorFamily,
  type ErrorTable,
  errorAdvice,
  errorCode,
  errorFamily,
  errorMessage,
  SkerryError,
} from "./errors.ts";
export { type Contribution, type Contributions, defineExtensionPoint, type ExtensionPoint } from "./extension-point.ts";
export { isStartable, isStoppable, type Startable, type Stoppable } from "./lifecycle.ts";
export type { Capability, Manifest, ManifestSource } from "./manifest.ts";
export { definePlugin, type Implementation, type Plugin, type PluginScope } from "./plugin.ts";
export type { SettingSchema, SettingsSchema } from "./settings-schema.ts";
export { defineToken, inject, optional, type Token, tokensOf } from "./token.ts";
export { sdkVersion } from "./version.ts";
