import { setTimeout as wait } from "node:timers/promises";
import { clockContract, randomContract } from "@skerry/testing";
import { systemClock, systemRandom } from "../../src/host/index.ts";

clockContract({ name: "systemClock", open: () => ({ clock: systemClock, pass: (ms) => wait(ms + 2) }) });

randomContract({ name: "systemRandom", open: () => systemRandom });
