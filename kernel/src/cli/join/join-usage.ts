/** Arguments of `skerry join`. */
export const joinUsage = "wss://HOST:PORT (--token TOKEN | --token-file FILE) [--name NAME] [--home DIR]";
