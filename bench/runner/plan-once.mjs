// One figure of plan.mjs: `plan-once.mjs FOLDER` plans the project of a folder. Prints JSON: CPU seconds, peak MB.
import { report } from '../usage.mjs';

const { plan } = await import('../../dist/build/plan.js');
const { loadProject } = await import('../../dist/project/load-project.js');
const { context } = await import('../project.mjs');
const { models } = await plan(await loadProject(process.argv[2]), { select: [] }, await context());
report({ models: models.length });
