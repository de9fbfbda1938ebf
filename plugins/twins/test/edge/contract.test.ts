import { refOf } from "@skerry/contracts";
import { twinsContract } from "@skerry/testing";
import { EdgeNode } from "./edge-node.ts";

twinsContract({
  name: "twins/edge",
  open: async () => {
    const node = await new EdgeNode().start();
    const record = (twin: string) => node.twins.get(twin)?.record;
    return {
      twins: node.twins,
      put: ({ device, model }) => {
        node.replica.put(model);
        node.replica.put(device);
      },
      remove: ({ device }) => node.replica.remove(refOf(device)),
      desire: (twin, property, value) => node.set(property, value, twin),
      reported: (twin, property) => record(twin)?.reported.get(property)?.value,
      state: (twin, property) => record(twin)?.desired.get(property)?.state,
      condition: (twin, type) => node.twins.get(twin)?.conditions.get(type as "Connected")?.status,
    };
  },
});
