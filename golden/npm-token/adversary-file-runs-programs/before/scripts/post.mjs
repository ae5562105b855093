import { $ } from 'zx'
await $`npm dist-tag add x@1 latest`
