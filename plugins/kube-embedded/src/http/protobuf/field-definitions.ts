/** What the value of a field is, and how JSON has it. */
export type FieldType =
  | "string"
  | "bool"
  | "int"
  | "bytes"
  | "time"
  | "microTime"
  | "intOrString"
  | "quantity"
  | { readonly map: "string" | "bytes" | "quantity" }
  | { readonly message: MessageType };

export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  readonly isList?: boolean;
  /** The zero of its type is absent in JSON: Go's messages always carry it. */
  readonly omitsZero?: boolean;
}

/** Fields by their numbers, as in the generated.proto files of Kubernetes. */
export type MessageType = Readonly<Record<number, FieldDefinition>>;

export const text = (name: string): FieldDefinition => ({ name, type: "string" });
export const texts = (name: string): FieldDefinition => ({ name, type: "string", isList: true });
export const int = (name: string): FieldDefinition => ({ name, type: "int" });
export const truth = (name: string): FieldDefinition => ({ name, type: "bool" });
export const time = (name: string): FieldDefinition => ({ name, type: "time" });
export const microTime = (name: string): FieldDefinition => ({ name, type: "microTime" });
export const map = (name: string, of: "string" | "bytes" | "quantity" = "string"): FieldDefinition => ({
  name,
  type: { map: of },
});
export const message = (name: string, type: MessageType): FieldDefinition => ({ name, type: { message: type } });
export const messages = (name: string, type: MessageType): FieldDefinition => ({
  ...message(name, type),
  isList: true,
});
/** The same for members that Go leaves out of JSON when they are empty, `0` or `false`. */
export const word = (name: string): FieldDefinition => ({ ...text(name), omitsZero: true });
export const count = (name: string): FieldDefinition => ({ ...int(name), omitsZero: true });
export const flag = (name: string): FieldDefinition => ({ ...truth(name), omitsZero: true });
export const intOrString = (name: string): FieldDefinition => ({ name, type: "intOrString" });
