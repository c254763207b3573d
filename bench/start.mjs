// What it takes to start the command, against starting Node.
//   npm run bench -- start [--runs 15]
import { parseArgs } from 'node:util';
import { least } from './child.mjs';
import { cpuOf } from './cpu.mjs';
import { script } from './files.mjs';

const MAIN = script('../dist/cli/main.js');

const COMMANDS = [
  ['node -e 0', ['-e', '0']],
  ['warehouse --version', [MAIN, '--version']],
  ['warehouse --help', [MAIN, '--help']],
  ['warehouse build --help', [MAIN, 'build', '--help']],
];

export async function run(args) {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '15' } } });
  const figures = COMMANDS.map(() => []);
  for (let round = 0; round < Number(values.runs); round++) {
    for (const [i, [, words]] of COMMANDS.entries()) {
      figures[i].push(await cpuOf({ command: [process.execPath, ...words] }));
    }
  }
  const base = least(figures[0]).cpu;
  process.stdout.write('| | CPU ms, least of several runs | of node |\n|---|---|---|\n');
  for (const [i, [label]] of COMMANDS.entries()) {
    const { cpu } = least(figures[i]);
    process.stdout.write(`| ${label} | ${(cpu * 1000).toFixed(0)} | ${(cpu / base).toFixed(2)}x |\n`);
  }
}
