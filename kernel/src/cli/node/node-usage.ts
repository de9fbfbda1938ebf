/** Arguments of `skerry cloud` and `skerry edge`. */
export const nodeUsage = `[--home DIR] [--name NAME] [--settings FILE] [--set PLUGIN.PATH=VALUE]… [--log text|json]`;
