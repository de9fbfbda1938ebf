import { logReceiverPoint, uplinkReceiverPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { NodeEventReceiver } from "./node-event-receiver.ts";
import { NodeReceiver } from "./node-receiver.ts";
import manifest from "./plugin.json" with { type: "json" };
import { EdgePods } from "./pods/edge-pods.ts";

export { NodeEventReceiver } from "./node-event-receiver.ts";
export { NodeReceiver } from "./node-receiver.ts";
export { EdgePods } from "./pods/edge-pods.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.contribute(uplinkReceiverPoint, NodeReceiver);
  scope.contribute(logReceiverPoint, NodeEventReceiver);
  scope.run(EdgePods);
});
