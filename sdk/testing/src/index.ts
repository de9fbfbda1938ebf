export { type StorageContractOptions, type StorageUnderTest, storageContract } from "./contracts/storage.ts";
export { FakeClock } from "./fakes/clock.ts";
export { type LogRecord, RecordingLogger } from "./fakes/logger.ts";
export { SeededRandom } from "./fakes/random.ts";
export { type FakeTwinCondition, type FakeTwinReport, type FakeTwinSettle, FakeTwins } from "./fakes/twins.ts";
