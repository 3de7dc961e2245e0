export interface WriteFileOptions {
  /** Permission bits. Default: those of the file that is replaced, else 0o644. */
  readonly mode?: number;
  /** Default: the owner of the file that is replaced, where this process may set it. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Replaces a file in one step: a reader, or a crash at any moment, sees the old content or the new one, never a part.
 * A full disk leaves the old content. The folder must exist.
 *
 * @throws {SinkError} SINK_REFUSED (rights, or the target is a directory), SINK_UNREACHABLE (no such folder), SINK_APPLY_FAILED (anything else).
 */
export declare function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options?: WriteFileOptions,
): Promise<void>;
