import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { FakeClock, trackLeaks } from "../src/index.ts";

const soon = { closeWithinMs: 50 };

describe("leak check", () => {
  it("is content with a test that leaves nothing", async () => {
    const clock = new FakeClock();
    clock.after(10, () => undefined);
    await using leaks = trackLeaks({ clocks: [clock] });
    using _ = leaks.own(
      "timer",
      clock.after(20, () => undefined),
    );
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    server.close();
  });

  it("names a resource that was not disposed", async () => {
    const leaks = trackLeaks(soon);
    const owned = leaks.own("the store", { stop: async () => "done" });
    await expect(leaks.verify()).rejects.toThrow("the test leaves behind: the store was not disposed");
    expect(await owned.stop()).toBe("done");
    await leaks.verify();
  });

  it("calls the resource's own method, with what it is called on", () => {
    class Counter {
      #count = 0;
      [Symbol.dispose](): void {
        this.#count += 1;
      }
      get count(): number {
        return this.#count;
      }
    }
    const leaks = trackLeaks();
    const counter = leaks.own("counter", new Counter());
    counter[Symbol.dispose]();
    expect(counter.count).toBe(1);
    expect(leaks.left()).toEqual([]);
  });

  it("counts timers that wait on a FakeClock, beyond those that did before", async () => {
    const clock = new FakeClock();
    clock.after(5, () => undefined);
    const leaks = trackLeaks({ ...soon, clocks: [clock] });
    clock.after(10, () => undefined);
    clock.after(11, () => undefined);
    await expect(leaks.verify()).rejects.toThrow("the test leaves behind: 2 pending on a FakeClock");
    await clock.advance(20);
    await leaks.verify();
  });

  it("names handles that keep the process alive", async () => {
    const leaks = trackLeaks(soon);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    await expect(leaks.verify()).rejects.toThrow("the test leaves behind: 1 TCPServerWrap open");
    server.close();
    await leaks.verify();
  });

  it("fails through `await using`", async () => {
    const scope = async () => {
      await using leaks = trackLeaks(soon);
      leaks.own("socket", { stop: () => undefined });
    };
    await expect(scope()).rejects.toThrow("socket was not disposed");
  });
});
