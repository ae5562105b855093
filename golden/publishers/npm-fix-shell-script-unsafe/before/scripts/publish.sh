#!/usr/bin/env bash
set -euo pipefail
for folder in packages/*; do
  (cd "$folder" && npm publish --access public)
done
