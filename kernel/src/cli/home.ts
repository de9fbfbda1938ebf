import { join, resolve } from "node:path";

/**
 * The folder that holds everything of one installation, and the places in it. Each node's own state is
 * in a folder named after its profile.
 */
export class Home {
  readonly path: string;

  constructor(path = ".skerry") {
    this.path = resolve(path);
  }

  node(profile: string): string {
    return join(this.path, profile);
  }

  settings(profile: string): string {
    return join(this.node(profile), "settings.yaml");
  }

  /** Says where the running node's control socket is. */
  control(profile: string): string {
    return join(this.node(profile), "control.json");
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }
}
