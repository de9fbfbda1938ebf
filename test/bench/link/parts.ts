import type { Logger, NodeInfo } from "@skerry/contracts";
import type { SettingsSchema } from "@skerry/plugin";
import { systemClock } from "../../../kernel/src/host/index.ts";
import { readSettings } from "../../../kernel/src/host/settings.ts";
import {
  CloudWay,
  type WebSocketSettings,
  WebSocketTransport,
} from "../../../plugins/transport-websocket/src/index.ts";

/** Thousands of nodes would say the same. */
const mostWords = 3;

/** Nothing but problems, and of those the first few of this process. */
export class FewWords implements Logger {
  static #said = 0;
  debug(): void {}
  info(): void {}
  warn(message: string, fields: object = {}): void {
    FewWords.#said += 1;
    if (FewWords.#said <= mostWords) process.stderr.write(`  ${message} ${JSON.stringify(fields)}\n`);
  }
  error(message: string, fields: object = {}): void {
    this.warn(message, fields);
  }
}

export function infoOf(name: string, home: string): NodeInfo {
  return { name, profile: "bench", home, programs: home, version: "0.0.0-bench" };
}

/** Settings by the manifest's defaults, under those that are given. */
export function settingsOf<T>(schema: unknown, given: object): T {
  const { settings, problems } = readSettings(schema as SettingsSchema, given);
  if (problems.length > 0) throw new Error(`settings of the bench are wrong: ${JSON.stringify(problems)}`);
  return settings as T;
}

export function transportOf(folder: string, name: string, more: Partial<WebSocketSettings>): WebSocketTransport {
  const tls = { ca: "ca.crt", certificate: `${name}.crt`, key: "key.pem" };
  const [settings, node] = [{ tls, proxy: { url: "direct" }, ...more }, infoOf(name, folder)];
  const way = new CloudWay(settings, node, systemClock, { variables: () => ({}) });
  return new WebSocketTransport(settings, node, systemClock, new FewWords(), way, { all: () => [] });
}
