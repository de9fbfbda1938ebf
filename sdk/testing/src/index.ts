export { type FakeTwinCondition, type FakeTwinReport, type FakeTwinSettle, FakeTwins } from "./fakes/twins.ts";
