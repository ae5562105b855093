#!/bin/sh
npx changeset publish
npm publish --registry https://npm.octo.example legacy
