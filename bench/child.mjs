import { spawn } from 'node:child_process';

/**
 * Runs a script of bench/ in a process of its own and gives back the JSON it prints: a fresh process for each figure,
 * so that CPU time and peak memory are its own.
 *
 * @param {string} script path of the script
 * @param {readonly string[]} args
 * @returns {Promise<Record<string, number>>}
 */
export function measured(script, args) {
  return measuredProgram([process.execPath, script, ...args]);
}

/**
 * The same of any program that prints JSON.
 *
 * @param {readonly string[]} command the program and its arguments
 * @returns {Promise<Record<string, number>>}
 */
export function measuredProgram([program, ...args]) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}`));
    });
  });
}

/** The middle one of an odd number of figures. */
export function median(figures) {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1];
}

/** Of several runs the one with the least CPU time: whatever else the machine does only ever adds to it. */
export function least(runs) {
  return runs.toSorted((a, b) => a.cpu - b.cpu)[0];
}
