import { uplinkReceiverPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { NodeReceiver } from "./node-receiver.ts";
import manifest from "./plugin.json" with { type: "json" };

export { NodeReceiver } from "./node-receiver.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.contribute(uplinkReceiverPoint, NodeReceiver);
});
