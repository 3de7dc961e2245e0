/** The value in its normal form, or why it cannot be used. The reason never quotes the value: it may be hostile. */
export type TextResult<Value = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };
