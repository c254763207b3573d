import { writeFileSync } from 'node:fs';

// Imported before a program: notes, in the file that the environment names, the most memory that it had, in MB.
process.on('exit', () => writeFileSync(process.env.MOST_MEMORY, String(process.resourceUsage().maxRSS / 1024)));
