import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_LINK_TWO_INTERESTS: {
    family: "manifest",
    message: "{first} and {second} both say which nodes {kind} concerns",
    advice: "Keep one of the two plugins in the profile, or give each kind to one of them.",
  },
  SKERRY_LINK_TWO_RECEIVERS: {
    family: "manifest",
    message: '{first} and {second} both receive the uplink type "{type}"',
    advice: "Keep one of the two plugins in the profile.",
  },
});
