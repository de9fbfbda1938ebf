import { int, type MessageType, message, text, texts, time, truth } from "./field-definitions.ts";
import { metadata } from "./metadata-message.ts";

const boundObject: MessageType = { 1: text("kind"), 2: text("apiVersion"), 3: text("name"), 4: text("uid") };
const userInfo: MessageType = { 1: text("username"), 2: text("uid"), 3: texts("groups") };

/** What is asked of a server about tokens, and for them. */
export const tokenMessages: Readonly<Record<string, MessageType>> = {
  "authentication.k8s.io/v1 TokenRequest": {
    1: message("metadata", metadata),
    2: message("spec", {
      1: texts("audiences"),
      3: message("boundObjectRef", boundObject),
      4: int("expirationSeconds"),
    }),
    3: message("status", { 1: text("token"), 2: time("expirationTimestamp") }),
  },
  "authentication.k8s.io/v1 TokenReview": {
    1: message("metadata", metadata),
    2: message("spec", { 1: text("token"), 2: texts("audiences") }),
    3: message("status", {
      1: truth("authenticated"),
      2: message("user", userInfo),
      3: text("error"),
      4: texts("audiences"),
    }),
  },
};
