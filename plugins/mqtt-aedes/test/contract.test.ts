import { messageBusContract } from "@skerry/testing";
import { startBus } from "./running-bus.ts";

messageBusContract({ name: "mqtt-aedes", open: async () => await startBus() });
