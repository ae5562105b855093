#!/bin/sh
set -e
npm run build
npx lerna publish from-package --yes
