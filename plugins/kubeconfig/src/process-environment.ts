import { defineToken } from "@skerry/plugin";

/** The variables of this process. */
export class ProcessEnvironment {
  variables(): Readonly<Record<string, string | undefined>> {
    return process.env;
  }
}

/** For the plugin's own classes. */
export const EnvironmentToken = defineToken<ProcessEnvironment>("kubeconfig.environment/1");
