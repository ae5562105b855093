import { build } from "./lib.js";
await build();
