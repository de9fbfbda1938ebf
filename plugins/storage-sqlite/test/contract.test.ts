import { storageContract } from "@skerry/testing";
import manifest from "../src/plugin.json" with { type: "json" };
import { startStorage, temporaryHome } from "./temporary-home.ts";

storageContract({
  name: manifest.id,
  supports: manifest.supports,
  open: async () => {
    const home = await temporaryHome();
    return { storage: await startStorage(home), reopen: async () => await startStorage(home) };
  },
});

storageContract({
  name: `${manifest.id} in memory`,
  supports: { durable: false },
  open: async () => ({ storage: await startStorage("/nowhere", { path: ":memory:" }) }),
});
