import { commandTable } from '../../../packages/cli/src/command-table.ts';
import { runProgram } from '../../../packages/cli/src/program.ts';

/** The help texts, as the program prints them. */
export async function describeCommands(): Promise<string> {
  const sections = [`## signalbox\n\n${fence(await readHelp([]))}`];
  for (const entry of commandTable) {
    sections.push(`## ${entry.name}\n\n${fence(await readHelp([entry.name]))}`);
    for (const { name } of 'commands' in entry ? entry.commands : []) {
      sections.push(`### ${entry.name} ${name}\n\n${fence(await readHelp([entry.name, name]))}`);
    }
  }
  return sections.join('\n\n');
}

async function readHelp(command: readonly string[]): Promise<string> {
  let text = '';
  const output = { columns: 96, write: (part: string) => (text += part) };
  await runProgram([...command, '--help'], {
    environment: {},
    workingDirectory: '.',
    stdout: output,
    stderr: output,
    onSignal: () => () => {},
    exit: () => {},
  });
  return text.trim();
}

function fence(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
