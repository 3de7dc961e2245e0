export interface PemBlock {
  readonly label: string;
  /** From its first line to its last. */
  readonly text: string;
}

/** Undefined when a block has no end. What stands between blocks is for people; what heads one, as with older encrypted keys, may have dashes. */
export function readPemBlocks(text: string): readonly PemBlock[] | undefined {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----(?:(?!-----)[\s\S])*-----END \1-----/g)].map(
    ([block, label = '']) => ({ label, text: block }),
  );
  const begun = text.match(/-----BEGIN /g)?.length ?? 0;
  return begun === blocks.length ? blocks : undefined;
}
