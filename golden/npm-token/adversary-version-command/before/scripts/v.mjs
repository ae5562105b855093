import 'zx/globals'
await $`npm i @octo-org/p`
