"""Reads manifest.json and run_results.json of a folder by dbt's own schemas, and says what they hold as JSON."""

import json
import sys

from dbt_artifacts_parser.parser import parse_manifest, parse_run_results

folder = sys.argv[1]
with open(f"{folder}/manifest.json", encoding="utf-8") as file:
    manifest = parse_manifest(manifest=json.load(file))
with open(f"{folder}/run_results.json", encoding="utf-8") as file:
    results = parse_run_results(run_results=json.load(file))
print(
    json.dumps(
        {
            "schemas": [type(manifest).__name__, type(results).__name__],
            "nodes": {
                key: {
                    "type": node.resource_type,
                    "materialized": node.config.materialized,
                    "reads": node.depends_on.nodes,
                    "macros": node.depends_on.macros,
                }
                for key, node in manifest.nodes.items()
            },
            "sources": sorted(manifest.sources),
            "macros": sorted(manifest.macros),
            "children": manifest.child_map,
            "results": {result.unique_id: [result.status.value, result.message, result.failures] for result in results.results},
        }
    )
)
