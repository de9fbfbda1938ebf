import type { KubeConnection, KubeEndpoint } from "@skerry/contracts";

/** An endpoint whose connection the test gives, and may exchange. */
export class FakeKubeEndpoint implements KubeEndpoint {
  #connection: KubeConnection;

  constructor(connection: KubeConnection) {
    this.#connection = connection;
  }

  connection(): KubeConnection {
    return this.#connection;
  }

  replace(connection: KubeConnection): void {
    this.#connection = connection;
  }
}
