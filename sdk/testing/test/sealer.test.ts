import { FakeSealer, sealerContract } from "../src/index.ts";

sealerContract({ name: "fake", open: () => new FakeSealer() });
