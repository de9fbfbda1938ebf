import { defineErrors } from "@skerry/plugin";

const newToken = "Ask for a new one: skerry token create, where the cloud kernel runs.";

export const errors = defineErrors({
  SKERRY_ENROLMENT_BAD_TOKEN: {
    family: "invalid",
    message: "this is not the text of a token: {problem}",
    advice: "Copy the whole token, from skerry. to its end, as skerry token create printed it.",
  },
  SKERRY_ENROLMENT_UNKNOWN_TOKEN: {
    family: "denied",
    message: "there is no token {id} with this secret",
    advice: newToken,
  },
  SKERRY_ENROLMENT_TOKEN_USED: {
    family: "denied",
    message: "the token {id} has been used up, by {nodes}",
    advice: newToken,
  },
  SKERRY_ENROLMENT_TOKEN_EXPIRED: {
    family: "denied",
    message: "the token {id} expired on {at}",
    advice: newToken,
  },
  SKERRY_ENROLMENT_OTHER_NODE: {
    family: "denied",
    message: "the token {id} is for the node {node}, not for {asked}",
    advice: "Leave out --name, or use a token for that node.",
  },
  SKERRY_ENROLMENT_NAME_TAKEN: {
    family: "denied",
    message: "there is a node {node} already",
    advice:
      "Join with another --name; to replace that node, use a token made for it: skerry token create --node {node}.",
  },
  SKERRY_ENROLMENT_BAD_NAME: {
    family: "invalid",
    message: '"{node}" cannot be the name of a node',
    advice: "Use 1 to 63 lower-case letters, digits, dashes and dots, with a letter or digit at both ends.",
  },
  SKERRY_ENROLMENT_BAD_REQUEST: {
    family: "invalid",
    message: "the request for a certificate {problem}",
    advice: "Send a PKCS #10 request in PEM for a P-256 key, signed with it.",
  },
  SKERRY_ENROLMENT_NOT_RENEWABLE: {
    family: "denied",
    message: "the certificate cannot be renewed: {problem}",
    advice: "Join the node again, with a new token.",
  },
  SKERRY_ENROLMENT_REVOKED: {
    family: "denied",
    message: "the certificates of the node {node} were revoked on {at}",
    advice: "If it may come back, join it again with a token made for it: skerry token create --node {node}.",
  },
  SKERRY_ENROLMENT_NOT_CURRENT: {
    family: "denied",
    message: "this certificate of the node {node} has been replaced by others",
    advice: "Another machine joined as this node. If both go on, join one of them again under a name of its own.",
  },
  SKERRY_ENROLMENT_NO_AUTHORITY: {
    family: "settings",
    message: "this cloud kernel signs no certificates: {problem}",
    advice: "Set authority.certificate and authority.key of enrolment/cloud to the files of the link's CA.",
  },
  SKERRY_ENROLMENT_BUSY: {
    family: "unavailable",
    message: "others changed {subject} at the same moment, again and again",
    advice: "Try again.",
  },
  SKERRY_ENROLMENT_REFUSED: {
    family: "denied",
    message: "the cloud refused: {message} ({code})",
    advice: "{advice}",
  },
  SKERRY_ENROLMENT_BAD_ANSWER: {
    family: "invalid",
    message: "what the cloud answered is no certificate for this node: {problem}",
    advice: "Check that node and cloud run versions of Skerry that fit together.",
  },
  SKERRY_ENROLMENT_NO_SUCH: {
    family: "invalid",
    message: "there is no {what} {name}",
    advice: "See skerry {what} list.",
  },
});
