export { type ClockContractOptions, clockContract } from "./contracts/clock.ts";
export {
  gadgetDefinition,
  gadgetResource,
  type KubeApiContractOptions,
  type KubeApiUnderTest,
  kubeApiContract,
} from "./contracts/kube-api.ts";
export { type MessageBusContractOptions, messageBusContract } from "./contracts/message-bus.ts";
export { type RandomContractOptions, randomContract } from "./contracts/random.ts";
export { type SealerContractOptions, sealerContract } from "./contracts/sealer.ts";
export { type StorageContractOptions, type StorageUnderTest, storageContract } from "./contracts/storage.ts";
export {
  type TcpNetworkContractOptions,
  type TcpNetworkUnderTest,
  type TcpPeer,
  tcpNetworkContract,
} from "./contracts/tcp-network.ts";
export { type TransportContractOptions, type TransportUnderTest, transportContract } from "./contracts/transport.ts";
export { lamp, type TwinsContractOptions, type TwinsUnderTest, twinsContract } from "./contracts/twins.ts";
export { type UplinkContractOptions, type UplinkUnderTest, uplinkContract } from "./contracts/uplink.ts";
export { type UplinkLogContractOptions, type UplinkLogUnderTest, uplinkLogContract } from "./contracts/uplink-log.ts";
export type {
  Program,
  ProgramIntent,
  WorkloadRuntimeContractOptions,
  WorkloadRuntimeUnderTest,
} from "./contracts/workload-runtime/harness.ts";
export { workloadRuntimeContract } from "./contracts/workload-runtime.ts";
export { FakeClock } from "./fakes/clock.ts";
export { FakeImageService } from "./fakes/image-service.ts";
export { FakeKubeApi, type KubeFailure, type KubeRequest, type KubeVerb } from "./fakes/kube-api.ts";
export { FakeKubeEndpoint } from "./fakes/kube-endpoint.ts";
export { FakeLinkState } from "./fakes/link-state.ts";
export { type LogRecord, RecordingLogger } from "./fakes/logger.ts";
export { FakeMessageBus, type PublishedMessage } from "./fakes/message-bus.ts";
export { FakeNodeSessions } from "./fakes/node-sessions.ts";
export { SeededRandom } from "./fakes/random.ts";
export { digestOf, type FakeLayer, FakeRegistry } from "./fakes/registry.ts";
export { FakeReplica } from "./fakes/replica.ts";
export { FakeSealer } from "./fakes/sealer.ts";
export type { FakeTcpPeer } from "./fakes/tcp-connection.ts";
export { FakeTcpNetwork, type FakeTcpNetworkOptions } from "./fakes/tcp-network.ts";
export { type FakeTwinCondition, type FakeTwinReport, type FakeTwinSettle, FakeTwins } from "./fakes/twins.ts";
export { FakeUplink } from "./fakes/uplink.ts";
export { FakeUplinkLog } from "./fakes/uplink-log.ts";
export type { FakeExit, FakeProgram, FakeRun } from "./fakes/workload-runs.ts";
export { FakeWorkloadRuntime, type FakeWorkloadRuntimeOptions, type RuntimeVerb } from "./fakes/workload-runtime.ts";
export { LeakCheck, type LeakOptions, trackLeaks } from "./leaks.ts";
export {
  fairWeather,
  type HostOptions,
  type KubeWeather,
  type Mangling,
  ProcessClock,
  SimClock,
  SimDisk,
  type SimHost,
  type SimKubeApiParts,
  SimNetwork,
  SimWay,
  simKubeApi,
} from "./simulation/index.ts";
export { startTestNode, type TestNodeOptions, type TestPlugin } from "./test-node.ts";
