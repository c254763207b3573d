import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonSchemas } from './json-schema.ts';

// Run when the package is built: what `warehouse` puts into projects is made once, not by every command.
const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

mkdirSync(file('dist/schemas'), { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas(readFileSync(file('docs/configuration.md'), 'utf8')))) {
  writeFileSync(file(`dist/schemas/${name}`), `${JSON.stringify(schema, undefined, 2)}\n`);
}
