import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export function createColors(enabled: boolean): Colors {
  return picocolors.createColors(enabled);
}

/** `NO_COLOR` (no-color.org) and dumb terminals switch colours off, unless the command line says otherwise. */
export function wantsColors(
  choice: boolean | undefined,
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice !== undefined) return choice;
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false;
  return isTerminal && environment.TERM !== 'dumb';
}
