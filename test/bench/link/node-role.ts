import { SqliteStorage } from "@skerry/storage-sqlite";
import { FakeSealer } from "@skerry/testing/simulation";
import { systemClock, systemRandom } from "../../../kernel/src/host/index.ts";
import { EdgeLink, type EdgeLinkSettings } from "../../../kernel/src/link/edge/edge-link.ts";
import manifest from "../../../kernel/src/link/edge/plugin.json" with { type: "json" };
import { nodeName } from "./authority.ts";
import { FewWords, infoOf, settingsOf, transportOf } from "./parts.ts";
import { serve, sharedNow } from "./role.ts";

/** One node with its disk: the kernel's end of the link over SQLite, each commit synced. */
class NodeRole {
  #link: EdgeLink | undefined;
  #latencies: number[] = [];

  async start({ folder, port }: { readonly folder: string; readonly port: number }): Promise<void> {
    const name = nodeName(0);
    const info = infoOf(name, folder);
    const storage = new SqliteStorage({ path: "node.db" }, info);
    await storage.start(new AbortController().signal);
    const link = new EdgeLink(
      transportOf(folder, name, { url: `wss://127.0.0.1:${port}` }),
      storage,
      new FakeSealer(),
      { all: () => [] },
      settingsOf<EdgeLinkSettings>(manifest.settings, {}),
      info,
      systemClock,
      systemRandom,
      new FewWords(),
    );
    this.#link = link;
    // A replica tells of what is on disk.
    link.replica.watch([{ group: "", kind: "ConfigMap" }], (ref) => {
      const { at } = (link.replica.get(ref)?.["data"] ?? {}) as { at?: string };
      if (Number(at) > 0) this.#latencies.push(sharedNow() - Number(at));
    });
    await link.start();
  }

  online(): number {
    return this.#link?.board.current().state === "online" ? 1 : 0;
  }

  latencies(): readonly number[] {
    return this.#latencies.splice(0);
  }

  /** Reports numbers that rise under so many names in turn. Gives how many were safe, on disk or in the cloud, after how long, and what the last ones add up to. */
  async report({ seconds, perSecond, names }: { seconds: number; perSecond: number; names: number }) {
    const begun = sharedNow();
    const last = new Array<number>(names).fill(0);
    const puts: Promise<void>[] = [];
    while (sharedNow() - begun < seconds * 1000) {
      const due = Math.floor(((sharedNow() - begun) / 1000) * perSecond);
      while (puts.length < due) {
        const place = puts.length % names;
        last[place] = (last[place] ?? 0) + 1;
        const put = this.#link?.outbox.put({ type: "bench", name: `value-${place}` }, last[place] ?? 0);
        puts.push(put ?? Promise.resolve());
      }
      await new Promise((next) => setTimeout(next, 5));
    }
    await Promise.all(puts);
    const safeMs = sharedNow() - begun;
    return { put: puts.length, safeMs, sum: last.reduce((total, value) => total + value, 0) };
  }
}

export function nodeRole(): void {
  const role = new NodeRole();
  serve({
    start: (parameters: { folder: string; port: number }) => role.start(parameters),
    online: () => role.online(),
    latencies: () => role.latencies(),
    report: (parameters: { seconds: number; perSecond: number; names: number }) => role.report(parameters),
  });
}
