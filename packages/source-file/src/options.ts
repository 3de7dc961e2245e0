import { z } from 'zod';

export interface FileOptions {
  /**
   * Paths of files, or patterns such as `/etc/signalbox/services/*.yaml`. Relative ones start at the working directory. Files whose name begins
   * with a dot are only found by their own path.
   */
  readonly files: readonly string[];
  /** The label of a Prometheus target group that names its service. Default `job`; a group without it is named after its file. */
  readonly serviceLabel?: string;
  /** The longest time until a change is seen where the system does not tell of it (network file systems). Default 5000. */
  readonly intervalMs?: number;
}

export type ResolvedFileOptions = Required<FileOptions>;

export const optionsSchema = z.strictObject({
  files: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: 'Paths of files, or patterns such as `/etc/signalbox/services/*.yaml`.' }),
  serviceLabel: z
    .string()
    .min(1)
    .default('job')
    .meta({ description: 'The label of a Prometheus target group that names its service; without it the file does.' }),
  intervalMs: z.int().min(10).max(3_600_000).default(5_000).meta({
    description: 'The longest time until a change is seen where the system does not tell of it (network file systems).',
  }),
});
