/** Version of the SDK contracts. A manifest's `sdk` range is checked against it. */
export const sdkVersion = "0.1.0";
