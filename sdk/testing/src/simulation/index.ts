export { FakeKubeApi } from "../fakes/kube-api.ts";
export { SeededRandom } from "../fakes/random.ts";
export { FakeSealer } from "../fakes/sealer.ts";
export { ProcessClock } from "./process-clock.ts";
export { SimClock } from "./sim-clock.ts";
export { SimDisk } from "./sim-disk.ts";
export { fairWeather, type KubeWeather, type SimKubeApiParts, simKubeApi } from "./sim-kube-api.ts";
export { type HostOptions, type SimHost, SimNetwork } from "./sim-network.ts";
export { type Mangling, SimWay } from "./sim-way.ts";
