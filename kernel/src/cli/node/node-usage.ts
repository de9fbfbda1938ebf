/** Arguments of `skerry cloud`, `skerry cloud-cluster` and `skerry edge`. */
export const nodeUsage = `[--home DIR] [--name NAME] [--settings FILE] [--set PLUGIN.PATH=VALUE]… [--log text|json]`;
