#!/bin/sh
envsubst "$NPM_TOKEN" < .npmrc.template > .npmrc
