/** Hex digits. */
export declare function sha256(content: string | Uint8Array): string;
/** Hex digits, or undefined when the file does not exist. */
export declare function hashFile(path: string): Promise<string | undefined>;
