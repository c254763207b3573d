// One figure of build.mjs: `build-once.mjs FOLDER PARSER` builds the project of a folder, which has no models. Prints JSON:
// CPU seconds, peak MB, seconds that passed, items, staged tables.
import { build } from '../dist/build/commands.js';
import { loadProject } from '../dist/project/load-project.js';
import { context } from './project.mjs';
import { report } from './usage.mjs';

const [folder, parser] = process.argv.slice(2);
const { deliveries, models } = await build(await loadProject(folder), { parser, select: [] }, await context());
report({ seconds: process.uptime(), items: deliveries[0].items, tables: models.length });
