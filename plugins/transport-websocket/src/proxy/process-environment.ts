import { defineToken } from "@skerry/plugin";
import type { Environment } from "./choose-proxy.ts";

/** The variables of this process, read anew each time. */
export class ProcessEnvironment {
  variables(): Environment {
    return process.env;
  }
}

/** For the plugin's own classes. */
export const EnvironmentToken = defineToken<ProcessEnvironment>("transport-websocket.environment/1");
