import { type RuntimeCatalog, type RuntimeInfo, type WorkloadRuntime, workloadRuntimePoint } from "@skerry/contracts";
import { type Contributions, inject } from "@skerry/plugin";

/** The runtimes of this node. */
export class Runtimes implements RuntimeCatalog {
  constructor(
    @inject(workloadRuntimePoint.contributions) private readonly contributions: Contributions<WorkloadRuntime>,
  ) {}

  list(): readonly RuntimeInfo[] {
    return this.contributions.all().map(({ value }) => value.info);
  }
}
