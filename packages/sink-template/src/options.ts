import { z } from 'zod';

export interface TemplateOptions {
  /** The files that are made, each from a template of its own. */
  readonly files: readonly TemplateFileOptions[];
  /** What makes a program read the files again, e.g. `['systemctl', 'reload', 'caddy']`. No shell: write `['sh', '-c', …]` for one. Default: nothing. */
  readonly reload?: {
    readonly command: readonly string[];
    /** Default 30000. */
    readonly timeoutMs?: number;
    /** Least time between two reloads; at least 5 times as long as the last one took. 0: as often as something changes. Default 1000. */
    readonly minIntervalMs?: number;
  };
  /** Holds the lock and the last good files. Default: `.signalbox-<name of the first file>` beside the first file. */
  readonly runDirectory?: string;
}

export interface TemplateFileOptions {
  /** The file that is made. */
  readonly path: string;
  /** File with the Liquid template. Watched. One of `template` and `text` is required. */
  readonly template?: string;
  /** The Liquid template itself. */
  readonly text?: string;
  /**
   * What becomes of a value that the template prints. `line` (default): as it is, and a service of which a value with a line break or another control
   * character is printed is left out. `json`: every value as JSON. `none`: as it is, whatever it holds. The filter `raw` makes one exception.
   */
  readonly escape?: 'line' | 'json' | 'none';
  /** A program that refuses a bad file, e.g. `['caddy', 'validate', '--config', '{candidate}']`; `{candidate}` is the path of the new content. */
  readonly check?: readonly string[];
  /** Default 30000. */
  readonly checkTimeoutMs?: number;
  /** Permission bits in octal digits, e.g. `0644`. Default: those of the file that is replaced, else `0640`. */
  readonly mode?: string;
  /** User and group of the file, by name or number, e.g. `prometheus:prometheus`. Default: as it is. */
  readonly owner?: string;
}

const path = z.string().min(1);
const command = z.array(z.string()).min(1);
const durationMs = z.int().min(0).max(86_400_000);

const fileSchema = z
  .strictObject({
    path: path.meta({ description: 'The file that is made.' }),
    template: path.optional().meta({ description: 'File with the Liquid template; it is watched.' }),
    text: z.string().optional().meta({ description: 'The Liquid template itself, instead of `template`.' }),
    escape: z.enum(['line', 'json', 'none']).default('line').meta({
      description:
        'What becomes of printed values: as they are, without control characters (`line`); as JSON; or as they are, whatever they hold.',
    }),
    check: command
      .optional()
      .meta({ description: 'Program that refuses a bad file; `{candidate}` is the path of the new content.' }),
    checkTimeoutMs: durationMs.default(30_000).meta({ description: 'Longest time for the check.' }),
    mode: z
      .string()
      .regex(/^0?[0-7]{3,4}$/, 'write octal digits in quotes, e.g. "0644"')
      .optional()
      .meta({ description: 'Permission bits. Default: those of the file that is replaced, else `0640`.' }),
    owner: z
      .string()
      .regex(/^[\w.-]+(:[\w.-]+)?$/, 'write user or user:group')
      .optional()
      .meta({ description: 'User and group of the file, by name or number. Default: as it is.' }),
  })
  .refine(({ template, text }) => (template === undefined) !== (text === undefined), {
    message: 'write either template (a file) or text',
  });

export const optionsSchema = z.strictObject({
  files: z
    .array(fileSchema)
    .min(1)
    .refine((files) => new Set(files.map((file) => file.path)).size === files.length, 'two files have the same path')
    .meta({ description: 'The files that are made, each from a template of its own.' }),
  reload: z
    .strictObject({
      command: command.meta({ description: 'Program and arguments; no shell.' }),
      timeoutMs: durationMs.default(30_000).meta({ description: 'Longest time for the command.' }),
      minIntervalMs: durationMs.default(1_000).meta({
        description:
          'Least time between two reloads; at least 5 times as long as the last one took. `0`: as often as something changes.',
      }),
    })
    .optional()
    .meta({ description: 'What makes a program read the files again. Default: nothing.' }),
  runDirectory: path.optional().meta({
    description: 'Holds the lock and the last good files. Default: `.signalbox-<file>` beside the first file.',
  }),
});

export type ResolvedTemplateOptions = z.output<typeof optionsSchema>;
