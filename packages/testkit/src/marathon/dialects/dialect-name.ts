/**
 * The versions whose ways the simulator knows. Each stands for the last release of its line, but for `1.1.0`, which stands for 1.0.0 to 1.1.1,
 * where tasks say no `state`.
 */
export const dialectNames = ['0.8', '0.9', '0.11', '1.1.0', '1.1', '1.4', '1.5', '1.10'] as const;

export type DialectName = (typeof dialectNames)[number];
