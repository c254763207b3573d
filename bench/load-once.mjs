// Loads what is pending in the project of a folder. `load-once.mjs FOLDER` prints JSON: CPU seconds, peak MB, items.

import { loadFolder } from './project.mjs';
import { report } from './usage.mjs';

report({ items: await loadFolder(process.argv[2]) });
