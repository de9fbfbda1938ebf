import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeSealer } from "@skerry/testing/simulation";
import { systemClock, systemRandom } from "../../../kernel/src/host/index.ts";
import { EdgeLink, type EdgeLinkSettings } from "../../../kernel/src/link/edge/edge-link.ts";
import manifest from "../../../kernel/src/link/edge/plugin.json" with { type: "json" };
import { nodeName } from "./authority.ts";
import { sharedName } from "./cloud-role.ts";
import { FewWords, infoOf, settingsOf, transportOf } from "./parts.ts";
import { serve, sharedNow } from "./role.ts";

export interface EdgesToStart {
  readonly folder: string;
  readonly port: number;
  readonly first: number;
  readonly count: number;
}

const shared = { group: "", kind: "ConfigMap", namespace: "default", name: sharedName };

/** Many nodes in one process: the kernel's own end of the link, over real TLS, with replica and outbox in memory. */
class EdgesRole {
  readonly #links: EdgeLink[] = [];
  readonly #onlineAfter = new Map<EdgeLink, number>();
  #latencies: number[] = [];

  async start({ folder, port, first, count }: EdgesToStart): Promise<void> {
    const begun = sharedNow();
    const settings = settingsOf<EdgeLinkSettings>(manifest.settings, {});
    for (let index = first; index < first + count; index += 1) {
      const name = nodeName(index);
      const link = new EdgeLink(
        transportOf(folder, name, { url: `wss://127.0.0.1:${port}` }),
        new MemoryStorage(new MemoryDisk()),
        new FakeSealer(),
        { all: () => [] },
        settings,
        infoOf(name, folder),
        systemClock,
        systemRandom,
        new FewWords(),
      );
      this.#links.push(link);
      link.board.watch(({ state }) => {
        if (state === "online" && !this.#onlineAfter.has(link)) this.#onlineAfter.set(link, sharedNow() - begun);
      });
      link.replica.watch([shared], (ref) => {
        if (ref.name !== sharedName) return;
        const data = link.replica.get(shared)?.["data"] as { at?: string } | undefined;
        if (Number(data?.at) > 0) this.#latencies.push(sharedNow() - Number(data?.at));
      });
    }
    await Promise.all(this.#links.map((link) => link.start()));
  }

  online() {
    const online = this.#links.filter((link) => link.board.current().state === "online").length;
    return { online, after: [...this.#onlineAfter.values()] };
  }

  latencies(): readonly number[] {
    return this.#latencies.splice(0);
  }

  /** Each node reports a number that rises, so many times a second in all. Gives how many, and what the last ones add up to. */
  async report({ seconds, perSecond }: { readonly seconds: number; readonly perSecond: number }) {
    const begun = sharedNow();
    const last = new Array<number>(this.#links.length).fill(0);
    let put = 0;
    while (sharedNow() - begun < seconds * 1000) {
      const due = Math.floor(((sharedNow() - begun) / 1000) * perSecond);
      for (; put < due; put += 1) {
        const place = put % this.#links.length;
        last[place] = (last[place] ?? 0) + 1;
        void this.#links[place]?.outbox.put({ type: "bench", name: "value" }, last[place] ?? 0);
      }
      await new Promise((next) => setTimeout(next, 5));
    }
    return { put, sum: last.reduce((total, value) => total + value, 0) };
  }
}

export function edgesRole(): void {
  const role = new EdgesRole();
  serve({
    start: (parameters: EdgesToStart) => role.start(parameters),
    online: () => role.online(),
    latencies: () => role.latencies(),
    report: (parameters: { seconds: number; perSecond: number }) => role.report(parameters),
  });
}
