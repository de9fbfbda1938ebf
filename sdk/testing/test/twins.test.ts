import { FakeTwins, twinsContract } from "../src/index.ts";

twinsContract({
  name: "FakeTwins",
  open: async () => {
    const twins = new FakeTwins();
    const desired = new Map<string, string>();
    return {
      twins,
      put: (definition) => twins.put(definition),
      remove: ({ name }) => twins.remove(name),
      desire: async (twin, property, value) => {
        desired.set(`${twin} ${property}`, twins.desire(twin, property, value));
      },
      reported: (twin, property) => twins.reported(twin, property),
      state: (twin, property) => {
        const version = desired.get(`${twin} ${property}`);
        const settled = twins.settles.find((settle) => settle.version === version);
        return settled?.outcome.state ?? (version === undefined ? undefined : "pending");
      },
      condition: (twin, type) => twins.condition(twin, type as "Connected")?.status,
    };
  },
});
