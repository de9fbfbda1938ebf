export { type StorageContractOptions, type StorageUnderTest, storageContract } from "./contracts/storage.ts";
export { type FakeTwinCondition, type FakeTwinReport, type FakeTwinSettle, FakeTwins } from "./fakes/twins.ts";
