/** @throws {ConfigError} CONFIG_INVALID when the path does not fit into a Unix socket address (107 bytes on Linux). */
export declare function assertSocketPath(path: string): void;
