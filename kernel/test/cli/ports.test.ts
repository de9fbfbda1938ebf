import { createServer } from "node:net";
import { expect, it } from "vitest";
import { choosePorts } from "../../src/cli/up/ports.ts";

it("keeps a port that is free, replaces one that is taken and says so, and finds one for 0", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { ports: free } = await choosePorts({ kubernetes: 0, link: 0, mqtt: 0, meter: 0 });
  const { ports, replaced } = await choosePorts({ ...free, mqtt: port });
  expect({ ...ports, mqtt: 0 }).toEqual({ ...free, mqtt: 0 });
  expect(ports.mqtt).not.toBe(port);
  expect(replaced).toEqual([{ name: "mqtt", from: port, to: ports.mqtt }]);
  await new Promise((resolve) => taken.close(resolve));
});
